/** Two states of one message in, the newer one kept. */

/**
 * A state that came in a frame is dated by the frame's seq and yields only to a later frame;
 * answers of REST carry no seq, so among them the later edit wins. Deleted is the end.
 * @param {object} known the state shown; changed in place
 * @param {import('../services/api.js').Message} incoming
 * @param {number} [frameSeq] the seq of the frame it came in; none for REST
 */
export function mergeMessage(known, incoming, frameSeq = 0) {
  const newer = frameSeq ? frameSeq > (known.frame_seq ?? 0) : (incoming.edited_at ?? '') >= (known.edited_at ?? '')
  if (incoming.deleted || (newer && !known.deleted)) Object.assign(known, incoming)
  if (frameSeq > (known.frame_seq ?? 0)) known.frame_seq = frameSeq
}
