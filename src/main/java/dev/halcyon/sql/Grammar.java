package dev.halcyon.sql;

import dev.halcyon.model.Engine;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Place;
import io.debezium.ddl.parser.mariadb.generated.MariaDBLexer;
import io.debezium.ddl.parser.mariadb.generated.MariaDBParser;
import io.debezium.ddl.parser.mysql.generated.MySqlLexer;
import io.debezium.ddl.parser.mysql.generated.MySqlParser;
import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.BailErrorStrategy;
import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.DefaultErrorStrategy;
import org.antlr.v4.runtime.Lexer;
import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Recognizer;
import org.antlr.v4.runtime.atn.PredictionMode;
import org.antlr.v4.runtime.misc.ParseCancellationException;
import org.jspecify.annotations.Nullable;

/**
 * A second opinion on syntax, for where no server is at hand. The grammars (MIT, generated into
 * debezium-ddl-parser) know most of what the servers accept and not all, so where a server can be
 * asked its word counts and this one's is not needed. For any number of threads; the first call in
 * a program takes longer, since the parser learns its decisions as it goes.
 */
public final class Grammar {
  private Grammar() {}

  /** Findings HAL-210, one at most for each statement, in the grammar's words. */
  public static List<Finding> check(Engine engine, List<Statement> statements) {
    return statements.stream().flatMap(s -> check(engine, s).stream()).toList();
  }

  private static Optional<Finding> check(Engine engine, Statement statement) {
    Fault fault = fault(engine, statement.text());
    if (fault == null) {
      return Optional.empty();
    }
    Place begin = statement.place();
    var place =
        new Place(
            begin.file(),
            begin.line() + fault.line - 1,
            fault.line == 1 ? begin.column() + fault.column : fault.column + 1);
    return Optional.of(
        Finding.error(
            ErrorCode.SYNTAX.code(),
            place,
            "The statement does not follow the grammar of " + engine.label() + ": " + fault.words,
            "Mend it, or let the server judge: it may know more than the grammar."));
  }

  /** Where reading stopped: line from 1, column from 0. */
  private record Fault(int line, int column, String words) {}

  private static @Nullable Fault fault(Engine engine, String text) {
    var listener = new FirstFault();
    Lexer lexer = lexer(engine, text);
    lexer.removeErrorListeners();
    lexer.addErrorListener(listener);
    Parser parser = parser(engine, new CommonTokenStream(lexer));
    parser.removeErrorListeners();
    parser.setBuildParseTree(false);
    // The quick way of predicting is right wherever it finds no fault.
    parser.getInterpreter().setPredictionMode(PredictionMode.SLL);
    parser.setErrorHandler(new BailErrorStrategy());
    try {
      root(parser);
      return listener.first;
    } catch (ParseCancellationException mayBeWrong) {
      listener.first = null;
    }
    parser.getInterpreter().setPredictionMode(PredictionMode.LL);
    parser.setErrorHandler(new DefaultErrorStrategy());
    parser.addErrorListener(listener);
    parser.getInputStream().seek(0);
    parser.reset();
    root(parser);
    return listener.first;
  }

  private static Lexer lexer(Engine engine, String text) {
    var upper = new UpperCase(CharStreams.fromString(text));
    return switch (engine) {
      case MYSQL -> new MySqlLexer(upper);
      case MARIADB -> new MariaDBLexer(upper);
    };
  }

  private static Parser parser(Engine engine, CommonTokenStream tokens) {
    return switch (engine) {
      case MYSQL -> new MySqlParser(tokens);
      case MARIADB -> new MariaDBParser(tokens);
    };
  }

  private static void root(Parser parser) {
    switch (parser) {
      case MySqlParser mysql -> mysql.root();
      case MariaDBParser mariadb -> mariadb.root();
      default -> throw new IllegalArgumentException("no grammar: " + parser.getClass());
    }
  }

  private static final class FirstFault extends BaseErrorListener {
    private @Nullable Fault first;

    @Override
    public void syntaxError(
        Recognizer<?, ?> recognizer,
        @Nullable Object offendingSymbol,
        int line,
        int charPositionInLine,
        String message,
        @Nullable RecognitionException exception) {
      if (first == null) {
        first = new Fault(line, charPositionInLine, shortened(message));
      }
    }

    /** ANTLR lists everything that it would have taken, which can be hundreds of words. */
    private static String shortened(String message) {
      int expecting = message.indexOf(" expecting {");
      return expecting >= 0 && message.length() > 200 ? message.substring(0, expecting) : message;
    }
  }
}
