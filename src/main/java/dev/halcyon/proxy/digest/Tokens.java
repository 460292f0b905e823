package dev.halcyon.proxy.digest;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * The tokens of one statement, reduced as they come: literals become {@code ?}, several of them
 * {@code ?, ...}, rows of them {@code (...)}, further rows nothing. Each token is known by a hash
 * and by where it stands in the text. Used again for each statement. For one thread.
 */
final class Tokens {
  static final byte WORD = 0;

  /** In backquotes, or in double quotes where those are for names. */
  static final byte NAME = 1;

  static final byte VARIABLE = 2;
  static final byte SYMBOL = 3;
  static final byte VALUE = 4;
  static final byte VALUES = 5;

  /** A value in brackets. */
  static final byte ROW_OF_ONE = 6;

  /** Values in brackets. */
  static final byte ROW = 7;

  private static final int AT_FIRST = 256;

  private byte[] kinds = new byte[AT_FIRST];
  private byte[] flags = new byte[AT_FIRST];
  private long[] hashes = new long[AT_FIRST];
  private int[] starts = new int[AT_FIRST];
  private int[] ends = new int[AT_FIRST];
  private int[] opened = new int[AT_FIRST];
  private int size;
  private int open;

  /** Where rows of values begin; the first that is whole stands there. */
  private int rows;

  private boolean firstRow;

  void clear() {
    size = 0;
    open = 0;
    rows = -1;
    firstRow = false;
    if (kinds.length > 64 * AT_FIRST) {
      resize(AT_FIRST);
    }
  }

  int size() {
    return size;
  }

  boolean endWithValue() {
    return size > 0 && kinds[size - 1] >= VALUE;
  }

  /** The flags of {@link KnownWords} that the first token has. */
  int firstFlags() {
    return size == 0 ? 0 : flags[0];
  }

  void word(long hash, int known, int start, int end) {
    if ((known & KnownWords.NULL) != 0 && continuesList()) {
      values();
      return;
    }
    push(WORD, hash, start, end);
    flags[size - 1] = (byte) known;
    if ((known & KnownWords.BEFORE_ROWS) != 0) {
      rows = size;
      firstRow = false;
    }
  }

  void name(long hash, int start, int end) {
    push(NAME, hash, start, end);
  }

  void variable(long hash, int start, int end) {
    push(VARIABLE, hash, start, end);
  }

  /**
   * @param code its characters, packed
   */
  void symbol(int code, int start, int end) {
    switch (code) {
      case '(' -> {
        push(SYMBOL, code, start, end);
        if (open == opened.length) {
          opened = Arrays.copyOf(opened, 2 * open);
        }
        opened[open++] = size - 1;
      }
      case ')' -> {
        push(SYMBOL, code, start, end);
        if (open > 0) {
          close(opened[--open]);
        }
      }
      default -> push(SYMBOL, code, start, end);
    }
  }

  /** A literal or a parameter. */
  void value() {
    dropSigns();
    if (continuesList()) {
      values();
    } else {
      push(VALUE, VALUE, 0, 0);
    }
  }

  private void dropSigns() {
    while (isSymbol(size - 1, '-') || isSymbol(size - 1, '+')) {
      boolean sign =
          size == 1
              || (kinds[size - 2] == SYMBOL && !isSymbol(size - 2, ')'))
              || (flags[size - 2] & KnownWords.BEFORE_EXPRESSION) != 0;
      if (!sign) {
        return;
      }
      size--;
    }
  }

  private boolean continuesList() {
    if (!isSymbol(size - 1, ',') || size < 2) {
      return false;
    }
    byte before = kinds[size - 2];
    return before == VALUE
        || before == VALUES
        || (before == WORD && (flags[size - 2] & KnownWords.NULL) != 0);
  }

  private void values() {
    size -= 2;
    push(VALUES, VALUES, 0, 0);
  }

  private void close(int from) {
    firstRow |= from == rows;
    byte content = size - from == 3 ? kinds[from + 1] : SYMBOL;
    switch (content) {
      case VALUES -> row(from, ROW);
      case VALUE -> {
        boolean list = from > 0 && (flags[from - 1] & KnownWords.BEFORE_LIST) != 0;
        row(from, list ? ROW : ROW_OF_ONE);
      }
      default -> dropEqualRow(from);
    }
  }

  private void row(int from, byte kind) {
    size = from;
    if (isSymbol(size - 1, ',') && size >= 2 && kinds[size - 2] == kind) {
      size--;
    } else {
      push(kind, kind, 0, 0);
    }
  }

  /** Of rows with functions or DEFAULT in them those that are like the first. */
  private void dropEqualRow(int from) {
    int length = size - from;
    if (!firstRow || open > 0 || from - 1 - length != rows || !isSymbol(from - 1, ',')) {
      return;
    }
    for (int i = 0; i < length; i++) {
      if (kinds[rows + i] != kinds[from + i] || hashes[rows + i] != hashes[from + i]) {
        return;
      }
    }
    size = from - 1;
  }

  private boolean isSymbol(int at, int code) {
    return at >= 0 && kinds[at] == SYMBOL && hashes[at] == code;
  }

  private void push(byte kind, long hash, int start, int end) {
    if (size == kinds.length) {
      resize(2 * size);
    }
    kinds[size] = kind;
    flags[size] = 0;
    hashes[size] = hash;
    starts[size] = start;
    ends[size] = end;
    size++;
  }

  private void resize(int length) {
    kinds = Arrays.copyOf(kinds, length);
    flags = Arrays.copyOf(flags, length);
    hashes = Arrays.copyOf(hashes, length);
    starts = Arrays.copyOf(starts, length);
    ends = Arrays.copyOf(ends, length);
  }

  /** Of the whole statement. */
  long hash() {
    long hash = size;
    for (int i = 0; i < size; i++) {
      hash = Hash.with(hash, hashes[i] * 8 + kinds[i]);
    }
    return Hash.end(hash);
  }

  /** The statement's digest, if its names can be read, with a blank between any two tokens. */
  Optional<String> text(byte[] text) {
    var bytes = new Rendering(size);
    for (int i = 0; i < size; i++) {
      switch (kinds[i]) {
        case WORD -> bytes.word(text, starts[i], ends[i]);
        case NAME -> bytes.name(text, starts[i], ends[i]);
        case VARIABLE -> bytes.lower(text, starts[i], ends[i]);
        case SYMBOL -> bytes.as(text, starts[i], ends[i]);
        case VALUE -> bytes.as("?");
        case VALUES -> bytes.as("?, ...");
        case ROW_OF_ONE -> bytes.as("(?)");
        default -> bytes.as("(...)");
      }
    }
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.done())).toString());
    } catch (CharacterCodingException otherCharacterSet) {
      return Optional.empty();
    }
  }
}
