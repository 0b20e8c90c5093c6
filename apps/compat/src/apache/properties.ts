/** Settings by name, as a Java properties file holds them. */
export type Properties = Readonly<Record<string, string | number | boolean>>;

/** The text of a properties file. Names and values are ours: a line break in one is refused. */
export function formatProperties(properties: Properties): string {
  return Object.entries(properties)
    .map(([name, value]) => {
      if (/[\n\r]/.test(`${name}${value}`)) throw new Error(`property ${name} must not hold a line break`);
      return `${name}=${String(value).replaceAll('\\', '\\\\')}\n`;
    })
    .join('');
}
