package biquorum.oracle;

import java.util.SplittableRandom;

/** Draws of primitive values; one seed gives the same draws on every machine. */
final class Draw {
  private static final String[] WORDS = {"", "a", "topic", "grüße", "日本語", "🦆", "a\u0000b", "line\nbreak", "quote\"back\\slash", "Ωμέγα-7", "group.id_1"};
  private static final long SAFE = (1L << 53) - 1;
  private static final long[] LONGS = {0, 1, -1, 127, 128, -128, 255, 256, 65535, 65536, Integer.MAX_VALUE, 1L << 31, 1L << 32, Integer.MIN_VALUE, SAFE, -SAFE};
  private static final double[] DOUBLES = {0.0, -0.0, 1.0, -1.5, 0.1, 1e308, Double.MIN_VALUE, Double.MAX_VALUE, Double.MIN_NORMAL, 1 << 30};
  private final SplittableRandom random;

  Draw(long seed, String... salt) {
    long mixed = seed;
    for (String text : salt) mixed = mixed * 1_000_003L + text.hashCode();
    random = new SplittableRandom(mixed);
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  boolean chance(int outOf) {
    return below(outOf) == 0;
  }

  /** An integer of so many bits, signed; half of the draws are values where encodings change length or sign. */
  long signed(int bits) {
    long value = chance(2) ? LONGS[below(LONGS.length)] : random.nextLong() >> below(64);
    if (bits == 64) return Math.max(-SAFE, Math.min(SAFE, value));
    return value << (64 - bits) >> (64 - bits);
  }

  long unsigned(int bits) {
    return signed(bits) & ((1L << bits) - 1);
  }

  double real() {
    return chance(2) ? DOUBLES[below(DOUBLES.length)] : random.nextLong() / 1024.0;
  }

  byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  byte[] bytes() {
    return bytes(chance(12) ? 125 + below(6) : below(8));
  }

  String string() {
    if (!chance(20)) return WORDS[below(WORDS.length)];
    // Lengths around 127 are where an unsigned varint grows to two bytes.
    return "x".repeat(120 + below(10));
  }

  /** Length of an array; now and then one whose compact length takes two bytes, if elements are cheap. */
  int arrayLength(boolean cheap) {
    if (cheap && chance(15)) return 126 + below(4);
    return below(4);
  }

  long seed() {
    return random.nextLong();
  }
}
