import { byId, make } from './elements.js';

/** @import { ChatMessage, Room } from '/sdk/weir.js' */

const list = byId('messages', HTMLElement);
const form = byId('chat-form', HTMLFormElement);
const field = byId('chat-text', HTMLTextAreaElement);
/** What is scrolled back no farther than this follows new messages. */
const NEAR_END_PX = 40;
const LINK = /https?:\/\/[^\s<>"]+[^\s<>".,;:!?)]/gu;

/** What was said, and a field to say something. */
export class Chat {
  #room;
  #failed;
  /** @type {readonly ChatMessage[]} */ #drawn = [];

  /**
   * @param {Room} room
   * @param {(error: unknown) => void} failed
   * @param {AbortSignal} signal
   */
  constructor(room, failed, signal) {
    this.#room = room;
    this.#failed = failed;
    list.replaceChildren();
    field.value = '';
    form.addEventListener('submit', event => {
      event.preventDefault();
      void this.#send();
    }, { signal });
    field.addEventListener('keydown', event => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      void this.#send();
    }, { signal });
    field.addEventListener('input', () => this.#fit(), { signal });
  }

  opened() {
    list.scrollTop = list.scrollHeight;
    field.focus();
  }

  draw() {
    const messages = this.#room.messages;
    const follows = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_END_PX;
    const known = this.#drawn.length > 0 && messages[messages.length - 2] === this.#drawn[this.#drawn.length - 1];
    const writer = (/** @type {number} */ i) => i > 0 ? messages[i - 1].participantId : null;
    if (known) list.append(this.#entry(messages[messages.length - 1], writer(messages.length - 1)));
    else if (messages.length === 0) list.replaceChildren(make('li', 'empty', 'Nothing was said yet. Who joins later sees the last hundred messages.'));
    else list.replaceChildren(...messages.map((message, i) => this.#entry(message, writer(i))));
    this.#drawn = messages;
    if (follows) list.scrollTop = list.scrollHeight;
  }

  /**
   * @param {ChatMessage} message
   * @param {string | null} before who wrote the message before
   */
  #entry({ participantId, displayName, text, sentAt }, before) {
    const own = participantId === this.#room.localParticipant.participantId;
    const name = own ? 'You' : displayName ?? this.#room.participants.get(participantId)?.displayName ?? 'Someone';
    const entry = make('li', own ? 'message own' : 'message');
    if (participantId !== before) {
      const at = document.createElement('time');
      if (sentAt) {
        at.dateTime = sentAt;
        at.textContent = new Date(sentAt).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
      }
      entry.append(make('div', 'message-head', make('b', '', name), at));
    }
    entry.append(make('p', '', ...withLinks(text)));
    return entry;
  }

  async #send() {
    const text = field.value.trim();
    if (!text) return;
    field.value = '';
    this.#fit();
    try {
      await this.#room.sendChat(text);
    } catch (error) {
      if (!field.value) field.value = text;
      this.#fit();
      this.#failed(error);
    }
  }

  /** As high as what is written in it; the style sheet sets the most. */
  #fit() {
    field.style.height = 'auto';
    field.style.height = `${field.scrollHeight + 2}px`;
  }
}

/** Addresses become links; everything else stays text. @param {string} text */
function withLinks(text) {
  /** @type {(Node | string)[]} */ const parts = [];
  let at = 0;
  for (const { 0: address, index } of text.matchAll(LINK)) {
    const link = Object.assign(document.createElement('a'), { href: address, textContent: address, target: '_blank', rel: 'noopener noreferrer' });
    parts.push(text.slice(at, index), link);
    at = index + address.length;
  }
  parts.push(text.slice(at));
  return parts;
}
