/** A number as Java writes a double: `1000.0`, `1.0E7`. */
export function javaDouble(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e7)) {
    const [mantissa = '', exponent = ''] = value.toExponential().split('e');
    return `${withFraction(mantissa)}E${Number(exponent)}`;
  }
  return withFraction(String(value));
}

function withFraction(text: string): string {
  return text.includes('.') ? text : `${text}.0`;
}
