// A whole call by the SDK: everyone in the room "minimal" sees and hears each other.
import { connect } from '/sdk/weir.js';

const people = /** @type {HTMLElement} */ (document.getElementById('people'));
const count = /** @type {HTMLElement} */ (document.getElementById('count'));
const joinButton = /** @type {HTMLButtonElement} */ (document.getElementById('join'));
const leaveButton = /** @type {HTMLButtonElement} */ (document.getElementById('leave'));

joinButton.onclick = async () => {
  joinButton.disabled = true;
  const room = await connect('/', { room: 'minimal', name: 'Someone' });

  /** @param {string} participantId */
  const show = participantId => {
    const video = document.createElement('video');
    video.id = participantId;
    video.width = 320;
    people.append(video);
    room.attach(video, participantId, 'camera'); // Audio plays by itself.
    count.textContent = `${room.participantCount} here`;
  };
  room.participants.forEach(({ participantId }) => show(participantId));
  room.on('participant:join', ({ participantId }) => show(participantId));
  room.on('participant:leave', ({ participantId }) => {
    document.getElementById(participantId)?.remove();
    count.textContent = `${room.participantCount} here`;
  });
  show(room.localParticipant.participantId);

  leaveButton.disabled = false;
  leaveButton.onclick = async () => {
    await room.leave();
    people.replaceChildren();
    leaveButton.disabled = true;
    joinButton.disabled = false;
  };
  await room.publish({ audio: true, video: true });
};
