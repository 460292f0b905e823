package dev.halcyon.sql;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a column's text attributes are when the table's text leaves them out.
 *
 * @param tableCollation of the table
 * @param ofCharacterSet the default collation of each character set; may be empty for servers that
 *     always print both
 */
public record TextDefaults(String tableCollation, Map<String, String> ofCharacterSet) {
  private static final Set<String> TEXT_TYPES =
      Set.of("char", "varchar", "tinytext", "text", "mediumtext", "longtext", "enum", "set");

  public TextDefaults {
    ofCharacterSet = Map.copyOf(ofCharacterSet);
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
