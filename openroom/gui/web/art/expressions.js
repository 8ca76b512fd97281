// What an emotion looks like: brows (lift, tilt; [left, right]), eyes (open 0..1.2, or a drawn shape), where they look, mouth, blush, extras.
// Mouth paths are relative to the middle of the mouth. `fill` marks an open mouth.

export const EXPRESSIONS = {
  calm: { brow: [[0, 0], [0, 0]], open: 0.92, mouth: { d: "M-12,0 Q0,6 12,0" } },
  happy: { brow: [[-4, -2], [-4, -2]], open: 0.9, cheeks: 0.75, mouth: { d: "M-18,-5 Q0,-1 18,-5 Q14,15 0,15 Q-14,15 -18,-5 Z", fill: true, tongue: true } },
  amused: { brow: [[-1, 4], [-7, -6]], open: 0.74, cheeks: 0.45, mouth: { d: "M-13,3 Q2,9 16,-6" } },
  tender: { brow: [[-2, -7], [-2, -7]], open: 0.62, cheeks: 0.85, mouth: { d: "M-11,-1 Q0,8 11,-1" }, look: [0, 1.5] },
  curious: { brow: [[-9, -5], [0, 3]], open: 1.06, look: [2, -1], mouth: { d: "M-8,0 Q2,5 10,-3" } },
  surprised: { brow: [[-12, 0], [-12, 0]], open: 1.24, pupil: 0.8, mouth: { d: "M0,-9 C8,-9 9,10 0,10 C-9,10 -8,-9 0,-9 Z", fill: true } },
  worried: { brow: [[-3, -15], [-3, -15]], open: 0.98, look: [-1.5, 1], mouth: { d: "M-12,4 Q-6,-3 0,2 T12,3" }, sweat: true },
  sad: { brow: [[0, -17], [0, -17]], open: 0.68, look: [0, 3], mouth: { d: "M-11,5 Q0,-4 11,5" }, tear: true },
  angry: { brow: [[4, 17], [4, 17]], open: 0.78, pupil: 0.88, mouth: { d: "M-13,5 Q0,-5 13,5 L11,8 Q0,0 -11,8 Z", fill: true }, flush: 0.5 },
  embarrassed: { brow: [[-4, -9], [-4, -9]], open: 0.72, look: [4, 2.5], cheeks: 1, mouth: { d: "M-12,1 q3,-5 6,0 t6,0 t6,0 t6,0" }, sweat: true },
};

// Emotions that authors add are shown as the nearest that can be drawn.
const NEAREST = {
  joy: "happy", joyful: "happy", glad: "happy", proud: "happy", excited: "happy", grateful: "tender", love: "tender", loving: "tender",
  warm: "tender", playful: "amused", mischievous: "amused", sly: "amused", smug: "amused", thoughtful: "curious", puzzled: "curious",
  interested: "curious", focused: "curious", shocked: "surprised", amazed: "surprised", afraid: "worried", fear: "worried",
  scared: "worried", nervous: "worried", anxious: "worried", lonely: "sad", wistful: "sad", tired: "sad", melancholy: "sad",
  annoyed: "angry", stern: "angry", irritated: "angry", shy: "embarrassed", ashamed: "embarrassed", flustered: "embarrassed",
};

/** The emotion that is drawn for this one. */
export function nearest(emotion) {
  return emotion in EXPRESSIONS ? emotion : (NEAREST[emotion] ?? "calm");
}

export function expression(emotion) {
  return EXPRESSIONS[nearest(emotion)];
}

export const MOUTH = [120, 147];
