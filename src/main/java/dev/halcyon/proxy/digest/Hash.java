package dev.halcyon.proxy.digest;

/** 64 bits that are as good as unique among some ten thousand texts. */
final class Hash {
  private static final long FACTOR = 0x9e3779b97f4a7c15L;

  private Hash() {}

  static long with(long hash, long value) {
    long mixed = (hash ^ value) * FACTOR;
    return mixed ^ mixed >>> 29;
  }

  static long end(long hash) {
    long mixed = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
    mixed = (mixed ^ mixed >>> 33) * 0xc4ceb9fe1a85ec53L;
    return mixed ^ mixed >>> 33;
  }

  static long of(String text) {
    long hash = text.length();
    for (int i = 0; i < text.length(); i++) {
      hash = with(hash, text.charAt(i));
    }
    return end(hash);
  }
}
