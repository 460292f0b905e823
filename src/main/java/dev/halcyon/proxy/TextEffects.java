package dev.halcyon.proxy;

import dev.halcyon.proxy.SuspectWords.Word;
import dev.halcyon.sql.StatementWords;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a command's text does to its session beyond what the server tells. In doubt it does it. */
final class TextEffects {
  /** Only this is certain to call it. */
  private static final Pattern RELEASE =
      Pattern.compile(
          "\\s*(SELECT|DO)\\s+RELEASE_ALL_LOCKS\\s*\\(\\s*\\)[\\s;]*", Pattern.CASE_INSENSITIVE);

  private TextEffects() {}

  /**
   * @param brings from the moment it is sent, for it may succeed in part
   * @param frees once it has succeeded
   * @param calls whether a routine is called, which may do anything
   */
  record Effects(Set<Hindrance> brings, Set<Hindrance> frees, boolean calls) {
    static final Effects NONE = new Effects(Set.of(), Set.of(), false);
  }

  /**
   * @param found in the text, strings and comments included; not empty
   * @param text the whole text if it can be read beyond doubt
   */
  static Effects of(Set<Word> found, @Nullable String text) {
    return text == null ? suspected(found) : read(StatementWords.of(text), text);
  }

  private static Effects suspected(Set<Word> found) {
    var brings = EnumSet.noneOf(Hindrance.class);
    for (Word word : found) {
      switch (word) {
        case LOCK, EXPORT -> brings.add(Hindrance.TABLE_LOCK);
        case BACKUP -> brings.add(Hindrance.BACKUP_LOCK);
        case GET_LOCK -> brings.add(Hindrance.USER_LOCK);
        case TEMPORARY -> brings.add(Hindrance.TEMPORARY_TABLE);
        case HANDLER -> brings.add(Hindrance.HANDLER);
        case XA -> brings.add(Hindrance.XA);
        case PREPARE, EXECUTE -> brings.add(Hindrance.TEXT_PREPARE);
        case UNLOCK, RELEASE_ALL_LOCKS, CALL -> {}
      }
    }
    return new Effects(brings, Set.of(), found.contains(Word.CALL));
  }

  private static Effects read(List<List<String>> statements, String text) {
    var brings = EnumSet.noneOf(Hindrance.class);
    boolean calls = false;
    for (var words : statements) {
      statement(words, brings);
      calls |= words.contains("CALL");
    }
    // Of several statements a later one may undo what the first has done.
    var frees =
        statements.size() == 1 && brings.isEmpty()
            ? freed(statements.getFirst(), text)
            : Set.<Hindrance>of();
    return new Effects(brings, frees, calls);
  }

  private static void statement(List<String> words, Set<Hindrance> brings) {
    switch (words.getFirst()) {
      case "LOCK" ->
          brings.add(words.contains("BACKUP") ? Hindrance.BACKUP_LOCK : Hindrance.TABLE_LOCK);
      case "BACKUP" -> brings.add(Hindrance.BACKUP_LOCK);
      case "FLUSH" -> {
        if (words.contains("LOCK") || words.contains("EXPORT")) {
          brings.add(Hindrance.TABLE_LOCK);
        }
      }
      case "HANDLER" -> brings.add(Hindrance.HANDLER);
      case "PREPARE", "EXECUTE" -> brings.add(Hindrance.TEXT_PREPARE);
      case "XA" -> {
        if (!ends(words)) {
          brings.add(Hindrance.XA);
        }
      }
      default -> {}
    }
    if (words.contains("GET_LOCK")) {
      brings.add(Hindrance.USER_LOCK);
    }
    int temporary = words.indexOf("TEMPORARY");
    if (temporary > 0 && !words.getFirst().equals("DROP")) {
      brings.add(Hindrance.TEMPORARY_TABLE);
    }
  }

  private static boolean ends(List<String> words) {
    return words.size() > 1 && Set.of("COMMIT", "ROLLBACK", "RECOVER").contains(words.get(1));
  }

  private static Set<Hindrance> freed(List<String> words, String text) {
    if (words.equals(List.of("UNLOCK", "TABLES")) || words.equals(List.of("UNLOCK", "TABLE"))) {
      return Set.of(Hindrance.TABLE_LOCK);
    }
    if (RELEASE.matcher(text).matches()) {
      return Set.of(Hindrance.USER_LOCK);
    }
    if (words.getFirst().equals("XA") && ends(words) && !words.contains("RECOVER")) {
      return Set.of(Hindrance.XA);
    }
    return Set.of();
  }
}
