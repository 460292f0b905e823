package dev.halcyon.proxy;

import dev.halcyon.proxy.SuspectWords.Word;
import dev.halcyon.sql.StatementWords;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a command's text does to its session beyond what the server tells. In doubt it does it. */
final class TextEffects {
  /** Only this is certain to call it. */
  private static final Pattern RELEASE =
      Pattern.compile(
          "\\s*(SELECT|DO)\\s+RELEASE_ALL_LOCKS\\s*\\(\\s*\\)[\\s;]*", Pattern.CASE_INSENSITIVE);

  /** What the server tells of is said by these. */
  private static final Set<Word> TRACKING =
      Set.of(
          Word.SESSION_TRACK_SYSTEM_VARIABLES,
          Word.SESSION_TRACK_TRANSACTION_INFO,
          Word.SESSION_TRACK_STATE_CHANGE,
          Word.SESSION_TRACK_SCHEMA);

  private static final Pattern NAME = Pattern.compile("\\w+");

  private TextEffects() {}

  /**
   * @param brings from the moment it is sent, for it may succeed in part
   * @param frees once it has succeeded
   * @param calls whether a routine is called, which may do anything
   * @param misleads whether the server may tell of less afterwards
   * @param names if it misleads, in lower case all that may be variables which it sets and of which
   *     the server no longer tells; empty if they are not known
   */
  record Effects(
      Set<Hindrance> brings,
      Set<Hindrance> frees,
      boolean calls,
      boolean misleads,
      Set<String> names) {
    static final Effects NONE = new Effects(Set.of(), Set.of(), false, false, Set.of());
  }

  /**
   * @param found in the text, strings and comments included; not empty
   * @param text the whole text if it can be read beyond doubt
   */
  static Effects of(Set<Word> found, @Nullable String text) {
    return text == null ? suspected(found) : read(found, StatementWords.of(text), text);
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
        case UNLOCK,
            RELEASE_ALL_LOCKS,
            CALL,
            SESSION_TRACK_SYSTEM_VARIABLES,
            SESSION_TRACK_TRANSACTION_INFO,
            SESSION_TRACK_STATE_CHANGE,
            SESSION_TRACK_SCHEMA -> {}
      }
    }
    return new Effects(brings, Set.of(), found.contains(Word.CALL), misleads(found), Set.of());
  }

  private static boolean misleads(Set<Word> found) {
    return !Collections.disjoint(found, TRACKING);
  }

  private static Effects read(Set<Word> found, List<List<String>> statements, String text) {
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
    boolean misleads = misleads(found);
    return new Effects(brings, frees, calls, misleads, misleads ? names(text) : Set.of());
  }

  private static Set<String> names(String text) {
    return NAME.matcher(text)
        .results()
        .map(result -> result.group().toLowerCase(Locale.ROOT))
        .collect(Collectors.toSet());
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
