// A server for one viewer that lives in the viewer's own page: its WebSocket is an object, its media a second peer connection.
// It lets the SDK and the page be tried without the real one; what only the real one can show is tested there.

/**
 * Runs inside the page, before anything else there.
 * @param {{people: number, screen?: boolean, speaker?: number, noCamera?: boolean}} scene
 */
export function installFakeServer({ people, screen = false, speaker = 0, noCamera = false }) {
  const names = ['Ada Lovelace', 'Grace Hopper', 'Alan Turing', 'Emmy Noether', 'Jean Bartik', 'Radia Perlman', 'Édouard Lucas', 'Katherine Johnson', 'Someone With A Rather Long Name', '山田 太郎'];
  const participants = Array.from({ length: people }, (_, i) => ({ participantId: `p${i}`, displayName: names[i % names.length], role: 'guest', handRaised: false, connection: 'ok', capabilities: {} }));
  const tracks = participants.flatMap(({ participantId }, i) => [
    { participantId, trackId: `camera-${i}`, kind: 'video', source: 'camera', muted: i % 5 === 3, csrc: i + 1, codec: 'VP8' },
    { participantId, trackId: `microphone-${i}`, kind: 'audio', source: 'microphone', muted: i % 3 === 2, csrc: i + 101, codec: 'opus' },
  ]);
  if (screen) tracks.push({ participantId: 'p0', trackId: 'screen-0', kind: 'video', source: 'screen', muted: false, csrc: 999, codec: 'VP8' });
  const layers = [['q', 320, 180, 150000, 15], ['h', 640, 360, 500000, 25], ['f', 1280, 720, 1500000, 30]];
  const room = {
    name: 'all-hands', maxParticipants: 200, mode: 'auto', autoSfuThreshold: 4, p2pReturnDelayMs: 5000, adaptiveQuality: true, codecs: ['VP8', 'H264', 'VP9', 'AV1'], audioSlots: 3,
    simulcast: { enabled: true, layers: layers.map(([rid, width, height, maxBitrate, maxFramerate]) => ({ rid, width, height, maxBitrate, maxFramerate })) },
    maxViewers: 10000, waitingRoom: false, locked: false, e2ee: false,
  };

  /** @param {string} trackId */
  function picture(trackId) {
    const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 360 });
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
    let hue = [...trackId].reduce((sum, letter) => sum * 7 + letter.charCodeAt(0), 0) % 360;
    setInterval(() => {
      const gradient = context.createLinearGradient(0, 0, 640, 360);
      gradient.addColorStop(0, `hsl(${hue} 35% 62%)`);
      gradient.addColorStop(1, `hsl(${hue + 50} 40% 34%)`);
      context.fillStyle = gradient;
      context.fillRect(0, 0, 640, 360);
      hue += 0.5;
    }, 66);
    return canvas.captureStream(15).getVideoTracks()[0];
  }

  /** What tests look at. @type {{requests: any[], sockets: any[], deliver: (event: object) => void, drop: (code: number) => void, forgetful: boolean}} */
  const fake = { requests: [], sockets: [], forgetful: false, deliver: () => {}, drop: () => {} };
  Object.assign(window, { fakeServer: fake });

  /** @type {RTCPeerConnection | null} */ let media = null;
  let tracksMade = 0;
  /** @type {Map<string, string>} mid -> trackId */ let shown = new Map();
  let seq = 0;

  class FakeSocket extends EventTarget {
    static OPEN = 1;
    readyState = 0;

    constructor() {
      super();
      fake.sockets.push(this);
      fake.deliver = event => this.deliver({ ...event, seq: ++seq });
      fake.drop = code => this.drop(code);
      setTimeout(() => {
        this.readyState = 1;
        this.dispatchEvent(new Event('open'));
      });
    }

    /** @param {object} message */
    deliver(message) {
      setTimeout(() => this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(message) })));
    }

    /** @param {number} code */
    drop(code) {
      this.readyState = 3;
      this.dispatchEvent(new CloseEvent('close', { code }));
    }

    /** @param {number} code */
    close(code) {
      if (this.readyState < 3) setTimeout(() => this.drop(code));
      this.readyState = 2;
    }

    /** @param {string} text */
    async send(text) {
      const request = JSON.parse(text);
      if (request.type !== 'ping') fake.requests.push(request);
      this.deliver({ type: 'ok', id: request.id, ...await this.answer(request) });
      if (request.type === 'view') this.show(request.tiles);
    }

    /** @param {any} request */
    async answer(request) {
      if (request.type === 'offer') return answerOffer(request);
      if (request.type !== 'join') return {};
      if (request.resume && !fake.forgetful) return { participantId: 'me', role: 'host', mode: 'sfu', resume: 'again', resumed: true, seq };
      return {
        participantId: request.resume ? 'me-again' : 'me', role: 'host', mode: 'sfu', resume: 'token', resumed: false, seq, iceServers: [], urls: [],
        snapshot: { room, participants, tracks, speaker: people ? { participantId: `p${speaker}`, audioLevel: 0.4 } : null, slots: [], chat: [], waiting: [], recording: null },
      };
    }

    /** @param {{trackId: string}[]} tiles */
    show(tiles) {
      const lines = (media?.getTransceivers() ?? []).filter(({ receiver, direction }) => receiver.track.kind === 'video' && direction === 'sendonly');
      const wanted = tiles.slice(0, lines.length).map(({ trackId }) => trackId);
      lines.forEach(({ mid }) => {
        if (mid && shown.has(mid) && !wanted.includes(shown.get(mid) ?? '')) this.place(mid, null);
      });
      for (const trackId of wanted) {
        if ([...shown.values()].includes(trackId)) continue;
        const free = lines.find(({ mid }) => mid && !shown.has(mid));
        if (free?.mid) this.place(free.mid, trackId);
      }
    }

    /**
     * @param {string} mid
     * @param {string | null} trackId
     */
    place(mid, trackId) {
      const muted = tracks.find(track => track.trackId === trackId)?.muted;
      const sender = media?.getTransceivers().find(each => each.mid === mid)?.sender;
      if (trackId) shown.set(mid, trackId);
      else shown.delete(mid);
      void sender?.replaceTrack(trackId && !muted ? picture(trackId) : null);
      fake.deliver({ type: 'slot', mid, trackId, participantId: tracks.find(track => track.trackId === trackId)?.participantId ?? null, layer: 'h', paused: false });
    }
  }

  /** @param {{sdp: string, tracks: {mid: string}[]}} request */
  async function answerOffer(request) {
    if (!media || media.remoteDescription?.sdp.match(/a=fingerprint:(.*)/)?.[1] !== request.sdp.match(/a=fingerprint:(.*)/)?.[1]) {
      media?.close();
      media = new RTCPeerConnection();
      shown = new Map();
    }
    await media.setRemoteDescription({ type: 'offer', sdp: request.sdp });
    const sending = new Set(request.tracks.map(({ mid }) => mid));
    for (const transceiver of media.getTransceivers()) {
      const offered = request.sdp.split('\r\nm=').find(section => section.includes(`\r\na=mid:${transceiver.mid}\r\n`)) ?? '';
      transceiver.direction = sending.has(transceiver.mid ?? '') ? 'recvonly' : offered.includes('a=recvonly') ? 'sendonly' : 'inactive';
    }
    await media.setLocalDescription();
    while (media.iceGatheringState !== 'complete') await new Promise(resolve => media?.addEventListener('icegatheringstatechange', resolve, { once: true }));
    return { sdp: media.localDescription?.sdp, tracks: request.tracks.map(({ mid }) => ({ mid, trackId: `own-${mid}-${tracksMade++}` })) };
  }

  Object.assign(window, { WebSocket: FakeSocket });
  if (noCamera) {
    const getUserMedia = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = constraints => constraints?.video ? Promise.reject(new DOMException('denied', 'NotAllowedError')) : getUserMedia(constraints);
  }
}
