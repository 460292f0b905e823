package dev.halcyon.sql;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Phase;
import dev.halcyon.model.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code -- halcyon:} comment lines. */
public final class Directives {
  private static final Map<String, String> FORMS =
      Map.of(
          "fill", "-- halcyon: fill users.locale = 'en'",
          "map",
              "-- halcyon: map orders.amount_cents -> amount up=\"amount_cents / 100\""
                  + " down=\"ROUND(amount * 100)\"",
          "split",
              "-- halcyon: split users(address_line_1, address_line_2) -> addresses by user_id"
                  + " keep=first",
          "merge",
              "-- halcyon: merge addresses(address_line_1, address_line_2) -> users by user_id"
                  + " keep=first",
          "gate", "-- halcyon: gate unused=7d open=2d",
          "phase", "-- halcyon: phase contract",
          "allow", "-- halcyon: allow H208 because nobody reads by this index");

  private static final Pattern LINE =
      Pattern.compile("--\\s+halcyon\\s*:(.*)", Pattern.CASE_INSENSITIVE);
  private static final Pattern WITHOUT_COLON =
      Pattern.compile(
          "--\\s+halcyon\\s+((fill|map|split|merge|gate|phase|allow)\\s.*)",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern WORD = Pattern.compile("\\s*(\\S*)\\s*(.*?)\\s*");
  private static final String NAME = "\\s*(`(?:[^`]|``)+`|[\\w$\\x{80}-\\x{FFFF}]+)\\s*";
  private static final String NAMES = "\\(([^()]+)\\)\\s*";
  private static final String QUOTED = "(\"(?:[^\"]|\"\")+\"|'(?:[^']|'')+')";
  private static final Pattern FILL = Pattern.compile(NAME + "\\." + NAME + "=\\s*(\\S.*)");
  private static final Pattern MAP =
      Pattern.compile(NAME + "\\." + NAME + "->(?:" + NAME + "\\.)?" + NAME + "(.*)");
  private static final Pattern UP = Pattern.compile("\\s*(up|down)\\s*=\\s*" + QUOTED);
  private static final Pattern MOVE =
      Pattern.compile(
          NAME
              + NAMES
              + "->"
              + NAME
              + "(?:"
              + NAMES
              + ")?by\\b"
              + NAME
              + "(?:keep\\s*=\\s*first)?");
  private static final Pattern GATE =
      Pattern.compile("(?:(unused|open)\\s*=\\s*(\\d{1,6})([smhd])(?:\\s+|$))+");
  private static final Pattern GATE_PART =
      Pattern.compile("(unused|open)\\s*=\\s*(\\d{1,6})([smhd])");
  private static final Pattern ALLOW =
      Pattern.compile("(H\\d{3}|HAL-\\d{3})\\s+because\\s+(\\S.*)");
  private static final Pattern ONE_NAME = Pattern.compile(NAME);

  private Directives() {}

  /** What a text's directive lines say, and which of them cannot be read. */
  public record Read(List<Directive> directives, List<Finding> findings) {
    public Read {
      directives = List.copyOf(directives);
      findings = List.copyOf(findings);
    }
  }

  /** The directives among the comments of a file, in their order. */
  public static Read read(SourceFile file) {
    return read(file, Lexer.lex(file.text()));
  }

  static Read read(SourceFile file, Lexed lexed) {
    var directives = new ArrayList<Directive>();
    var findings = new ArrayList<Finding>();
    for (Lexed.Comment comment : lexed.comments()) {
      String text = file.text().substring(comment.start(), comment.end());
      Matcher line = LINE.matcher(text);
      Matcher mistyped = WITHOUT_COLON.matcher(text);
      if (line.matches()) {
        Place place = file.place(comment.start());
        Directive directive = parse(place, line.group(1));
        if (directive != null) {
          directives.add(directive);
        } else {
          findings.add(unreadable(place, line.group(1)));
        }
      } else if (mistyped.matches()) {
        findings.add(unreadable(file.place(comment.start()), mistyped.group(1)));
      }
    }
    return new Read(directives, findings);
  }

  private static @Nullable Directive parse(Place place, String text) {
    Matcher m = WORD.matcher(text);
    if (!m.matches()) {
      return null;
    }
    String rest = m.group(2);
    return switch (m.group(1).toLowerCase(Locale.ROOT)) {
      case "fill" -> fill(place, FILL.matcher(rest));
      case "map" -> map(place, MAP.matcher(rest));
      case "split" -> split(place, MOVE.matcher(rest));
      case "merge" -> merge(place, MOVE.matcher(rest));
      case "gate" -> gate(place, rest);
      case "phase" -> phase(place, rest);
      case "allow" -> allow(place, ALLOW.matcher(rest));
      default -> null;
    };
  }

  private static Finding unreadable(Place place, String text) {
    Matcher m = WORD.matcher(text);
    String word = m.matches() ? m.group(1).toLowerCase(Locale.ROOT) : text.strip();
    String form = FORMS.get(word);
    String message =
        form != null
            ? "The directive \"" + word + "\" is not well-formed: " + text.strip()
            : word.isEmpty()
                ? "The directive is empty."
                : "There is no directive \"" + word + "\".";
    String remedy =
        form != null
            ? "Write it like this: " + form
            : "Known are fill, map, split, merge, gate, phase and allow, for example: "
                + FORMS.get("fill");
    return Finding.error(ErrorCode.DIRECTIVE_UNKNOWN.code(), place, message, remedy);
  }

  private static @Nullable Directive fill(Place place, Matcher m) {
    return m.matches() && isWhole(m.group(3))
        ? new Directive.Fill(place, bare(m.group(1)), bare(m.group(2)), m.group(3))
        : null;
  }

  private static @Nullable Directive map(Place place, Matcher m) {
    if (!m.matches() || (m.group(3) != null && !bare(m.group(3)).equals(bare(m.group(1))))) {
      return null;
    }
    var sides = new HashMap<String, String>();
    String rest = m.group(5);
    for (Matcher side = UP.matcher(rest); side.lookingAt(); side = UP.matcher(rest)) {
      String quote = side.group(2).substring(0, 1);
      String inner = side.group(2).substring(1, side.group(2).length() - 1);
      sides.merge(side.group(1), inner.replace(quote + quote, quote), (a, b) -> "");
      rest = rest.substring(side.end());
    }
    String up = sides.getOrDefault("up", "");
    String down = sides.getOrDefault("down", "");
    return rest.isBlank() && isWhole(up) && isWhole(down)
        ? new Directive.Map(
            place, bare(m.group(1)), bare(m.group(2)), bare(m.group(4)), up.strip(), down.strip())
        : null;
  }

  /** Whether the text is an expression that cannot reach out of the place it is put in. */
  private static boolean isWhole(String expression) {
    Lexed lexed = Lexer.lex(expression);
    int depth = 0;
    for (Token token : lexed.tokens()) {
      depth += token.isSymbol("(") ? 1 : token.isSymbol(")") ? -1 : 0;
      if (depth < 0 || token.kind() == Token.Kind.END) {
        return false;
      }
    }
    return depth == 0
        && !lexed.tokens().isEmpty()
        && lexed.comments().isEmpty()
        && lexed.marks().isEmpty()
        && lexed.problems().isEmpty();
  }

  private static @Nullable Directive split(Place place, Matcher m) {
    if (!m.matches()) {
      return null;
    }
    List<String> columns = names(m.group(2));
    List<String> childColumns = m.group(4) == null ? columns : names(m.group(4));
    return columns.isEmpty() || columns.size() != childColumns.size()
        ? null
        : new Directive.Split(
            place, bare(m.group(1)), columns, bare(m.group(3)), childColumns, bare(m.group(5)));
  }

  private static @Nullable Directive merge(Place place, Matcher m) {
    if (!m.matches()) {
      return null;
    }
    List<String> childColumns = names(m.group(2));
    List<String> columns = m.group(4) == null ? childColumns : names(m.group(4));
    return columns.isEmpty() || columns.size() != childColumns.size()
        ? null
        : new Directive.Merge(
            place, bare(m.group(1)), childColumns, bare(m.group(3)), columns, bare(m.group(5)));
  }

  private static @Nullable Directive gate(Place place, String rest) {
    if (!GATE.matcher(rest).matches()) {
      return null;
    }
    Duration unused = null;
    Duration open = null;
    for (Matcher m = GATE_PART.matcher(rest); m.find(); ) {
      Duration time = duration(Long.parseLong(m.group(2)), m.group(3));
      boolean isUnused = m.group(1).equals("unused");
      if ((isUnused ? unused : open) != null) {
        return null;
      }
      unused = isUnused ? time : unused;
      open = isUnused ? open : time;
    }
    return new Directive.Gate(place, unused, open);
  }

  private static Duration duration(long amount, String unit) {
    return switch (unit) {
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }

  private static @Nullable Directive phase(Place place, String rest) {
    return switch (rest.toLowerCase(Locale.ROOT)) {
      case "expand" -> new Directive.InPhase(place, Phase.EXPAND);
      case "contract" -> new Directive.InPhase(place, Phase.CONTRACT);
      default -> null;
    };
  }

  private static @Nullable Directive allow(Place place, Matcher m) {
    return m.matches() ? new Directive.Allow(place, m.group(1), m.group(2)) : null;
  }

  /** The names of a list in brackets; empty when one of them is none. */
  private static List<String> names(String list) {
    var names = new ArrayList<String>();
    for (String part : list.split(",", -1)) {
      Matcher m = ONE_NAME.matcher(part);
      if (!m.matches()) {
        return List.of();
      }
      names.add(bare(m.group(1)));
    }
    return names;
  }

  private static String bare(String name) {
    return name.startsWith("`") ? name.substring(1, name.length() - 1).replace("``", "`") : name;
  }
}
