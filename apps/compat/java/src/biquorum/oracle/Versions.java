package biquorum.oracle;

/** An inclusive range of message versions, as the definitions write it: {@code none}, {@code 3}, {@code 0-4}, {@code 2+}. */
record Versions(int lowest, int highest) {
  static final Versions NONE = new Versions(0, -1);

  static Versions parse(String text) {
    if (text == null || text.isBlank() || text.equals("none")) return NONE;
    if (text.endsWith("+")) return new Versions(Integer.parseInt(text.substring(0, text.length() - 1)), Short.MAX_VALUE);
    int dash = text.indexOf('-');
    if (dash < 0) return new Versions(Integer.parseInt(text), Integer.parseInt(text));
    return new Versions(Integer.parseInt(text.substring(0, dash)), Integer.parseInt(text.substring(dash + 1)));
  }

  boolean contains(int version) {
    return lowest <= version && version <= highest;
  }
}
