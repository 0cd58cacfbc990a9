// Compiled, never run: the implementation must be what weir.d.ts promises, and a stranger's code must compile against it.
import * as implementation from '../../../main/resources/webroot/sdk/entry.js';
import * as errors from '../../../main/resources/webroot/sdk/errors.js';
import type * as published from '../../../main/resources/webroot/sdk/weir.js';
import { connect } from '../../../main/resources/webroot/sdk/weir.js';

export const promised: Pick<typeof published, 'connect' | 'createRoom'> = implementation;
export const error: typeof published.WeirError = errors.WeirError;

export async function strangersCode(video: HTMLVideoElement) {
  const room = await connect('/', { room: 'a', name: 'b' });
  await room.publish({ audio: true, video: { width: 320 } });
  room.on('participant:join', participant => room.attach(video, participant.participantId, 'camera'));
  room.on('speaker:change', ({ audioLevel }) => audioLevel.toFixed(2));
  room.addEventListener('chat', event => event.type);
  // @ts-expect-error: there is no such event
  room.on('participant:joined', () => {});
  // @ts-expect-error: the server decides who is in a room
  room.participants.clear();
  const { mode, tracks } = await room.getStats();
  return `${mode} ${tracks[0]?.framesDecoded} ${room.participants.size + room.participantCount} ${room.localParticipant.participantId}`;
}
