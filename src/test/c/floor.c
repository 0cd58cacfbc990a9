/*
 * What any server has to pay: a loop that encrypts (AES-128-GCM, libcrypto) and sends (UDP GSO) a picture of N packets
 * to each of 100 sockets of another process, 30 times a second, and does nothing else. docs/performance.md has its
 * figures beside the server's.
 *
 *     cc -O2 -o target/floor src/test/c/floor.c -lcrypto
 *     target/floor PICTURES_PER_SECOND PACKETS_PER_PICTURE SECONDS GSO(0|1)
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define VIEWERS 100
#define PACKET 1200
#define HEADER 24
#define TAG 16
#define MOST 16
#define WARM_UP_SECONDS 2
#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif

static unsigned char pictures[MOST][PACKET];
static unsigned char run[MOST * PACKET];

static double cpu_seconds(void) {
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return used.ru_utime.tv_sec + used.ru_stime.tv_sec + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static void pin(int core) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(core, &set);
    sched_setaffinity(0, sizeof set, &set);
}

static void receive(const int *sockets) {
    static char buffers[MOST][2048];
    struct mmsghdr messages[MOST];
    struct iovec places[MOST];
    for (int i = 0; i < MOST; i++) {
        places[i] = (struct iovec){buffers[i], sizeof buffers[i]};
        memset(&messages[i], 0, sizeof messages[i]);
        messages[i].msg_hdr.msg_iov = &places[i];
        messages[i].msg_hdr.msg_iovlen = 1;
    }
    int poll = epoll_create1(0);
    for (int i = 0; i < VIEWERS; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.fd = sockets[i]};
        epoll_ctl(poll, EPOLL_CTL_ADD, sockets[i], &event);
    }
    for (;;) {
        struct epoll_event events[64];
        int count = epoll_wait(poll, events, 64, -1);
        for (int i = 0; i < count; i++) {
            while (recvmmsg(events[i].data.fd, messages, MOST, 0, 0) == MOST) {
            }
        }
    }
}

static void encrypt(EVP_CIPHER_CTX *cipher, unsigned char *out, int picture, int number) {
    unsigned char nonce[12] = {picture, picture >> 8, number};
    int bytes;
    memcpy(out, pictures[number], HEADER);
    EVP_EncryptInit_ex(cipher, 0, 0, 0, nonce);
    EVP_EncryptUpdate(cipher, 0, &bytes, out, HEADER);
    EVP_EncryptUpdate(cipher, out + HEADER, &bytes, pictures[number] + HEADER, PACKET - HEADER - TAG);
    EVP_EncryptFinal_ex(cipher, out + PACKET - TAG, &bytes);
    EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_GCM_GET_TAG, TAG, out + PACKET - TAG);
}

static void send_run(int from, struct sockaddr_in *to, int packets) {
    char control[CMSG_SPACE(sizeof(unsigned short))] = {0};
    struct iovec place = {run, packets * PACKET};
    struct msghdr message = {to, sizeof *to, &place, 1, control, sizeof control, 0};
    struct cmsghdr *segment = CMSG_FIRSTHDR(&message);
    segment->cmsg_level = IPPROTO_UDP;
    segment->cmsg_type = UDP_SEGMENT;
    segment->cmsg_len = CMSG_LEN(sizeof(unsigned short));
    *(unsigned short *) CMSG_DATA(segment) = PACKET;
    if (sendmsg(from, &message, 0) < 0) {
        perror("sendmsg");
    }
}

int main(int count, char **words) {
    int per_second = count > 1 ? atoi(words[1]) : 30;
    int packets = count > 2 ? atoi(words[2]) : 5;
    int seconds = count > 3 ? atoi(words[3]) : 10;
    int gso = count > 4 ? atoi(words[4]) : 1;
    if (per_second < 1 || packets < 1 || packets > MOST || seconds < 1) {
        fprintf(stderr, "1 to %d packets; a rate and a time above 0\n", MOST);
        return 2;
    }
    int sockets[VIEWERS];
    struct sockaddr_in viewers[VIEWERS];
    for (int i = 0; i < VIEWERS; i++) {
        socklen_t length = sizeof viewers[i];
        struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
        sockets[i] = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
        bind(sockets[i], (struct sockaddr *) &any, sizeof any);
        getsockname(sockets[i], (struct sockaddr *) &viewers[i], &length);
    }
    pid_t receiver = fork();
    if (receiver == 0) {
        pin(1);
        receive(sockets);
    }
    pin(0);
    int from = socket(AF_INET, SOCK_DGRAM, 0);
    EVP_CIPHER_CTX *ciphers[VIEWERS];
    for (int i = 0; i < VIEWERS; i++) {
        unsigned char key[16] = {i};
        ciphers[i] = EVP_CIPHER_CTX_new();
        EVP_EncryptInit_ex(ciphers[i], EVP_aes_128_gcm(), 0, key, 0);
    }
    struct timespec next;
    clock_gettime(CLOCK_MONOTONIC, &next);
    double before = 0;
    for (int picture = 0; picture < per_second * (seconds + WARM_UP_SECONDS); picture++) {
        if (picture == per_second * WARM_UP_SECONDS) {
            before = cpu_seconds();
        }
        next.tv_nsec += 1000000000 / per_second;
        if (next.tv_nsec >= 1000000000) {
            next.tv_nsec -= 1000000000;
            next.tv_sec++;
        }
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, 0);
        for (int i = 0; i < VIEWERS; i++) {
            for (int number = 0; number < packets; number++) {
                encrypt(ciphers[i], run + number * PACKET, picture, number);
            }
            if (gso) {
                send_run(from, &viewers[i], packets);
                continue;
            }
            for (int number = 0; number < packets; number++) {
                sendto(from, run + number * PACKET, PACKET, 0, (struct sockaddr *) &viewers[i], sizeof viewers[i]);
            }
        }
    }
    double used = cpu_seconds() - before;
    double sent = (double) per_second * seconds * VIEWERS * packets;
    printf("%d pictures/s of %d packets, GSO %s: %.0f packets/s, %.3f cores, %.0f ns of CPU per packet\n", per_second,
           packets, gso ? "on" : "off", sent / seconds, used / seconds, used * 1e9 / sent);
    kill(receiver, SIGKILL);
    return 0;
}
