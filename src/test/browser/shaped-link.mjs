// A slow link to a viewer: a network namespace of its own, reached by a veth whose near end a token bucket shapes.
// Only root may make one. All of it is named after this process, and what a killed run left is removed by the next.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const PREFIX = 'weir';
/** RFC 2544 sets 198.18.0.0/15 aside for tests of networks, so that no machine has it in use. */
const NET = '198.18';
/** The queue in front of the link, as time at its rate: of the order of what home routers have. */
const QUEUE_MS = 200;
/** Two packets, so that the bucket evens out nothing but the timer. */
const BURST_BYTES = 3200;

/** Why there can be no link here, or null. */
export function whyNoLink() {
  if (process.platform !== 'linux') return 'network namespaces are Linux';
  if (process.getuid?.() !== 0) return 'only root may make network namespaces';
  for (const tool of ['ip', 'tc']) if (spawnSync(tool, ['-V']).status !== 0) return `${tool} (iproute2) is not installed`;
  const probe = `${PREFIX}-try-${process.pid}`;
  if (spawnSync('ip', ['netns', 'add', probe]).status !== 0) return 'this machine allows no network namespaces';
  spawnSync('ip', ['netns', 'del', probe]);
  return null;
}

export class ShapedLink {
  #namespace = `${PREFIX}-${process.pid}`;
  #near = `${PREFIX}${process.pid}`;
  #far = `${PREFIX}${process.pid}v`;
  #close = () => this.close();

  constructor() {
    sweep();
    process.on('exit', this.#close);
    const subnet = `${NET}.${process.pid >> 6 & 255}`;
    const host = (process.pid & 63) << 2;
    this.serverAddress = `${subnet}.${host + 1}`;
    ip('netns', 'add', this.#namespace);
    ip('link', 'add', this.#near, 'type', 'veth', 'peer', 'name', this.#far, 'netns', this.#namespace);
    ip('address', 'add', `${this.serverAddress}/30`, 'dev', this.#near);
    ip('link', 'set', this.#near, 'up');
    ip('-n', this.#namespace, 'link', 'set', 'lo', 'up');
    ip('-n', this.#namespace, 'address', 'add', `${subnet}.${host + 2}/30`, 'dev', this.#far);
    ip('-n', this.#namespace, 'link', 'set', this.#far, 'up');
    ip('-n', this.#namespace, 'route', 'add', 'default', 'via', this.serverAddress); // Browsers look for the way out to find their own address.
  }

  /** Goes before a command that is to run behind the link. */
  get prefix() {
    return ['ip', 'netns', 'exec', this.#namespace];
  }

  /** Limits what comes to the viewer, from now on. @param {number} kbps */
  limit(kbps) {
    execFileSync('tc', ['qdisc', 'replace', 'dev', this.#near, 'root', 'tbf', 'rate', `${kbps}kbit`, 'burst', String(BURST_BYTES), 'latency', `${QUEUE_MS}ms`]);
  }

  /** Both ends carry no longer packets from now on. @param {number} bytes with IP header */
  narrow(bytes) {
    ip('link', 'set', this.#near, 'mtu', String(bytes));
    ip('-n', this.#namespace, 'link', 'set', this.#far, 'mtu', String(bytes));
  }

  /** @returns {number} packets that found the queue full so far */
  get dropped() {
    const text = execFileSync('tc', ['-s', 'qdisc', 'show', 'dev', this.#near], { encoding: 'utf8' });
    return Number(/dropped (\d+)/.exec(text)?.[1] ?? 0);
  }

  close() {
    process.off('exit', this.#close);
    remove(this.#near, this.#namespace);
  }
}

/** Removes the links of processes that are gone. */
function sweep() {
  const namespaces = spawnSync('ip', ['netns', 'list'], { encoding: 'utf8' }).stdout ?? '';
  for (const [, pid] of namespaces.matchAll(new RegExp(`^${PREFIX}-(\\d+)\\b`, 'gm'))) {
    if (!existsSync(`/proc/${pid}`)) remove(`${PREFIX}${pid}`, `${PREFIX}-${pid}`);
  }
}

/** A veth pair goes with either of its ends. @param {string} near @param {string} namespace */
function remove(near, namespace) {
  spawnSync('ip', ['link', 'del', near]);
  spawnSync('ip', ['netns', 'del', namespace]);
}

/** @param {string[]} args */
function ip(...args) {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
