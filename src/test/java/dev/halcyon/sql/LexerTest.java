package dev.halcyon.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random texts from the seeds named here; a failure prints the text. */
class LexerTest {
  private static final List<String> TOKENS =
      List.of(
          "SELECT",
          "a1",
          "$x",
          "`a``b`",
          "`a b;`",
          "'it''s'",
          "'a\\'b;'",
          "\"q\"\"x\"",
          "'--'",
          "'/*'",
          "1",
          "1.5",
          "0xFF",
          "1e5",
          "@v",
          "@@g.x",
          "@'v w'",
          ",",
          "(",
          ")",
          "=",
          "<=>",
          ":=",
          "->>",
          "||",
          ";",
          "ünï",
          "?");
  private static final List<String> GAPS =
      List.of(" ", "\n", "\t ", " -- c ; ' `\n", " # x'\n", " /* ; ' ` -- */ ", "/**/ ", " --\n");

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void findsTheTokensThatTheTextWasMadeOf(long seed) {
    var random = new Random(seed);
    for (int round = 0; round < 500; round++) {
      var expected = new ArrayList<String>();
      var text = new StringBuilder();
      for (int i = random.nextInt(20); i >= 0; i--) {
        String token = TOKENS.get(random.nextInt(TOKENS.size()));
        expected.add(token);
        text.append(token).append(GAPS.get(random.nextInt(GAPS.size())));
      }
      Lexed lexed = Lexer.lex(text.toString());

      assertThat(lexed.tokens()).extracting(Token::text).as(text.toString()).isEqualTo(expected);
      assertThat(lexed.problems()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14})
  void losesNothingOfAnyText(long seed) {
    var random = new Random(seed);
    String alphabet = "ab1. ;,()'\"`@#-/*!\\\n$\u00e9DELIMITER";
    for (int round = 0; round < 2000; round++) {
      String text =
          random
              .ints(random.nextInt(40), 0, alphabet.length())
              .mapToObj(i -> alphabet.substring(i, i + 1))
              .collect(Collectors.joining());
      Lexed lexed = Lexer.lex(text);
      var covered = new boolean[text.length()];
      lexed.tokens().forEach(t -> cover(covered, t.start(), t.end()));
      lexed.marks().forEach(t -> cover(covered, t.start(), t.end()));
      lexed.comments().forEach(c -> cover(covered, c.start(), c.end()));
      for (int i = 0; i < covered.length; i++) {
        assertThat(covered[i] || Character.isWhitespace(text.charAt(i))).as(text).isTrue();
      }
      assertThat(Splitter.split(lexed)).as(text).allMatch(p -> p.start() < p.end());
    }
  }

  private static void cover(boolean[] covered, int start, int end) {
    for (int i = start; i < end; i++) {
      assertThat(covered[i]).isFalse();
      covered[i] = true;
    }
  }
}
