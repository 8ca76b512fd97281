// Colours of our own art files: only #rrggbb gets through, and shades are made from it.

export function safeColour(value, fallback) {
  return /^#[0-9a-fA-F]{6}$/.test(value ?? "") ? value : fallback;
}

/** Mix with black (amount < 0) or white (amount > 0); amount -1..1. */
export function shade(hex, amount) {
  const target = amount < 0 ? 0 : 255;
  const part = Math.abs(amount);
  const mixed = [1, 3, 5].map((at) => {
    const value = parseInt(hex.slice(at, at + 2), 16);
    return Math.round(value + (target - value) * part).toString(16).padStart(2, "0");
  });
  return `#${mixed.join("")}`;
}
