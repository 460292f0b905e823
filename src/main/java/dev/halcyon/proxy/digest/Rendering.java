package dev.halcyon.proxy.digest;

import dev.halcyon.sql.ReservedWords;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Prints a digest, a blank between any two tokens. */
final class Rendering {
  private final ByteArrayOutputStream bytes;

  Rendering(int tokens) {
    this.bytes = new ByteArrayOutputStream(8 * tokens);
  }

  /** Reserved words in upper case, all others in lower case. */
  void word(byte[] text, int start, int end) {
    var word = new String(text, start, end - start, StandardCharsets.ISO_8859_1);
    blank();
    if (ReservedWords.contain(word)) {
      for (int i = start; i < end; i++) {
        bytes.write(Bytes.upper(text[i]));
      }
    } else {
      lowerCase(text, start, end);
    }
  }

  /** In backquotes, whichever quotes it has. */
  void name(byte[] text, int start, int end) {
    blank();
    byte quote = text[start];
    bytes.write('`');
    for (int i = start + 1; i < end - 1; i++) {
      if (text[i] == quote) {
        i++; // the first of two
      }
      if (text[i] == '`') {
        bytes.write('`');
      }
      bytes.write(Bytes.lower(text[i]));
    }
    bytes.write('`');
  }

  void lower(byte[] text, int start, int end) {
    blank();
    lowerCase(text, start, end);
  }

  void as(byte[] text, int start, int end) {
    blank();
    bytes.write(text, start, end - start);
  }

  void as(String token) {
    blank();
    bytes.writeBytes(token.getBytes(StandardCharsets.US_ASCII));
  }

  byte[] done() {
    return bytes.toByteArray();
  }

  private void blank() {
    if (bytes.size() > 0) {
      bytes.write(' ');
    }
  }

  private void lowerCase(byte[] text, int start, int end) {
    for (int i = start; i < end; i++) {
      bytes.write(Bytes.lower(text[i]));
    }
  }
}
