package dev.halcyon.proxy.move;

import dev.halcyon.proxy.wire.Bytes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes answers for what they must be. Any other is an {@link UnmovableException}. */
final class Replies {
  private Replies() {}

  /** The single row. */
  static List<@Nullable Bytes> row(Answer answer) {
    var rows = rows(answer).rows();
    if (rows.size() != 1) {
      throw new UnmovableException("the server answers " + rows.size() + " rows in place of one");
    }
    return rows.getFirst();
  }

  /** The single value of the single row. */
  static String text(Answer answer) {
    Bytes value = row(answer).getFirst();
    if (value == null) {
      throw new UnmovableException("the server answers NULL in place of the session's state");
    }
    return value.utf8();
  }

  static Answer.Rows rows(Answer answer) {
    return switch (answer) {
      case Answer.Rows rows -> rows;
      case Answer.Refused refused -> throw refused("its state cannot be read", refused);
      case Answer.Done _, Answer.Prepared _ ->
          throw new UnmovableException("the server answers no rows");
    };
  }

  static UnmovableException refused(String what, Answer.Refused refused) {
    var error = refused.error();
    return new UnmovableException(what + ": error " + error.code() + ", " + error.message());
  }
}
