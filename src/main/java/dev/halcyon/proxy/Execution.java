package dev.halcyon.proxy;

import io.netty.buffer.ByteBuf;

/**
 * Where in an execution of a prepared statement the types of its parameters stand. Servers remember
 * them, so that clients send them with the first execution only. One object serves many executions.
 *
 * @see <a href="https://mariadb.com/kb/en/com_stmt_execute/">MariaDB: COM_STMT_EXECUTE</a>
 */
final class Execution {
  private static final int BULK = 0xfa;
  private static final int SENDS_TYPES = 0x80;
  private static final int COUNTED = 0x08;

  /** Of MySQL: parameters may have names, and more may come than the statement has. */
  private final boolean attributes;

  private boolean bulk;
  private boolean parameters;
  private boolean readable;
  private boolean bound;
  private int flag;
  private int from;
  private int end;

  Execution(boolean attributes) {
    this.attributes = attributes;
  }

  /**
   * @param length of what is there of the command; enough for all types if they are few
   */
  void read(ByteBuf buffer, int index, int length, int parameterCount) {
    bulk = buffer.getUnsignedByte(index) == BULK;
    parameters = parameterCount > 0;
    readable = true;
    bound = false;
    int limit = index + length;
    if (bulk) {
      flag = index + 5;
      from = index + 7;
      readable = from <= limit;
      bound = readable && (buffer.getUnsignedByte(flag) & SENDS_TYPES) != 0;
      types(buffer, parameterCount, limit, false);
      return;
    }
    int at = index + 10;
    int count = parameterCount;
    if (attributes && length > 5 && (buffer.getUnsignedByte(index + 5) & COUNTED) != 0) {
      count = at < limit ? buffer.getUnsignedByte(at) : 0xff;
      at++;
      if (count >= 0xfb) {
        readable = false;
        parameters = true;
        return;
      }
      parameters = count > 0;
    }
    if (!parameters) {
      return;
    }
    flag = at + (count + 7) / 8;
    from = flag + 1;
    readable = from <= limit;
    bound = readable && buffer.getByte(flag) == 1;
    types(buffer, count, limit, attributes);
  }

  private void types(ByteBuf buffer, int count, int limit, boolean names) {
    end = from;
    for (int i = 0; bound && i < count; i++) {
      end += 2;
      if (names) {
        int name = end < limit ? buffer.getUnsignedByte(end) : 0xff;
        end += 1 + name;
        readable &= name < 0xfb;
      }
    }
    readable &= end <= limit;
  }

  boolean hasParameters() {
    return parameters;
  }

  /** Whether the rest is known. */
  boolean readable() {
    return readable;
  }

  /** Whether the types are sent along. */
  boolean bound() {
    return bound;
  }

  /** Where the types begin, or would begin. */
  int from() {
    return from;
  }

  int end() {
    return end;
  }

  /** Announces types that were not sent; they must follow at {@link #from}. */
  void announce(ByteBuf buffer) {
    if (bulk) {
      buffer.setByte(flag, buffer.getByte(flag) | SENDS_TYPES);
    } else {
      buffer.setByte(flag, 1);
    }
  }
}
