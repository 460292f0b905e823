package dev.halcyon.sql;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a column's text attributes are when the table's text leaves them out.
 *
 * @param tableCollation of the table
 * @param ofCharacterSet the default collation of each character set; may be empty for servers that
 *     always print both
 */
public record TextDefaults(String tableCollation, Map<String, String> ofCharacterSet) {
  private static final Pattern COLLATION = Pattern.compile(" COLLATE=(\\w+)");
  private static final Pattern CHARACTERS = Pattern.compile(" (?:DEFAULT )?CHARSET=(\\w+)");
  private static final Set<String> TEXT_TYPES =
      Set.of("char", "varchar", "tinytext", "text", "mediumtext", "longtext", "enum", "set");

  public TextDefaults {
    ofCharacterSet = Map.copyOf(ofCharacterSet);
  }

  /**
   * @param showCreate a table's text, whose options name a character set, a collation or both
   */
  public static TextDefaults of(String showCreate, Map<String, String> ofCharacterSet) {
    String options = showCreate.substring(showCreate.lastIndexOf("\n)") + 1);
    Matcher collation = COLLATION.matcher(options);
    Matcher characters = CHARACTERS.matcher(options);
    String found = characters.find() ? ofCharacterSet.getOrDefault(characters.group(1), "") : "";
    return new TextDefaults(collation.find() ? collation.group(1) : found, ofCharacterSet);
  }

  /** Whether the type, bare and without its length, holds text. */
  static boolean isText(String typeName) {
    return TEXT_TYPES.contains(typeName.toLowerCase(Locale.ROOT));
  }

  String collationOf(@Nullable String characterSet) {
    return characterSet == null
        ? tableCollation
        : ofCharacterSet.getOrDefault(characterSet, tableCollation);
  }

  static String characterSetOf(String collation) {
    int end = collation.indexOf('_');
    return end < 0 ? collation : collation.substring(0, end);
  }
}
