/** Draws the clicks of the comparison as bars: one group for each kind of click, one bar for each mode. */

const GROUPS = {
  'click, under way': 'Click half a second after its prefetch has begun, on the first page of a visit',
  'click, under way, 2nd page': 'The same on the second page',
  'click after it': 'Click after its prefetch has ended',
};

const [WIDTH, LEFT, RIGHT, BAR, GAP, HEAD] = [860, 250, 80, 16, 6, 34];
const COLOURS = { ours: '#1a73e8', other: '#9aa0a6' };

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** The picture of the medians of one browser. */
export function picture(modes) {
  const most = Math.max(
    ...Object.values(modes).flatMap((figures) => Object.keys(GROUPS).map((column) => figures[column] ?? 0)),
  );
  const parts = [];
  let top = 12;
  for (const [column, title] of Object.entries(GROUPS)) {
    parts.push(`<text x="12" y="${top + 16}" font-weight="600">${title}</text>`);
    top += HEAD;
    for (const [mode, figures] of Object.entries(modes)) {
      const milliseconds = figures[column];
      if (milliseconds === undefined) continue;
      const width = Math.max(2, ((WIDTH - LEFT - RIGHT) * milliseconds) / most);
      const colour = mode.startsWith('prefetchrouter') ? COLOURS.ours : COLOURS.other;
      const name = escaped(mode.replaceAll('`', ''));
      const shown = Math.round(milliseconds).toLocaleString('en');
      parts.push(
        `<text x="${LEFT - 10}" y="${top + 13}" text-anchor="end">${name}</text>`,
        `<rect x="${LEFT}" y="${top}" width="${width.toFixed(1)}" height="${BAR}" fill="${colour}"/>`,
        `<text x="${(LEFT + width + 6).toFixed(1)}" y="${top + 13}">${shown} ms</text>`,
      );
      top += BAR + GAP;
    }
    top += 10;
  }
  const label = 'Milliseconds from a click to the load of the page, by what prefetches it';
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${top}" width="${WIDTH}" role="img" aria-label="${label}" font-family="system-ui,sans-serif" font-size="13" fill="#202124">
<rect width="${WIDTH}" height="${top}" fill="#ffffff"/>
${parts.join('\n')}
</svg>
`;
}
