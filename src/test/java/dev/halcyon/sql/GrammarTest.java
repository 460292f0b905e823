package dev.halcyon.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.model.Engine;
import dev.halcyon.model.Finding;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GrammarTest {

  @ParameterizedTest
  @EnumSource(Engine.class)
  void agreesWithWhatTheServersAccept(Engine engine) {
    var text =
        """
        alter table users add column locale varchar(8) not null default 'en' after id;
        ALTER TABLE users RENAME COLUMN email TO email_address, DROP COLUMN x;
        ALTER TABLE o CHANGE a b DECIMAL(12,2) NOT NULL, MODIFY c ENUM('x','y') FIRST;
        ALTER TABLE o ADD UNIQUE KEY u (a, b), ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES p (id);
        CREATE TABLE a (id INT AUTO_INCREMENT PRIMARY KEY, n VARCHAR(9) COMMENT 'x', KEY (n));
        CREATE OR REPLACE VIEW v AS SELECT a, b FROM t WHERE c IN (1, 2);
        UPDATE t SET a = CONCAT(b, 'x') WHERE id BETWEEN 1 AND 5;
        DELETE FROM t WHERE a IS NULL;
        CREATE TRIGGER trg BEFORE UPDATE ON t FOR EACH ROW BEGIN SET NEW.a = 1; END;
        """;

    assertThat(check(engine, text)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void tellsWhereAStatementBreaks(Engine engine) {
    var findings = check(engine, "\n  ALTER TABLE t ADD COLUM a INT;\nALTER TABLE t\n  DRP b;");

    assertThat(findings).extracting(Finding::code).containsOnly("HAL-210").hasSize(2);
    assertThat(findings)
        .extracting(f -> String.valueOf(f.place()))
        .containsExactly("V1__a.sql:2:27", "V1__a.sql:4:3");
    assertThat(findings.getLast().message()).contains("DRP").hasSizeLessThan(300);
  }

  @Test
  void checksAThousandStatementsInUnderTwoSeconds() {
    var text = "ALTER TABLE t%d ADD COLUMN c%d VARCHAR(100) NOT NULL DEFAULT 'x', ADD KEY k (c%d);";
    var statements = new StringBuilder();
    for (int i = 0; i < 1000; i++) {
      statements.append(text.replace("%d", String.valueOf(i))).append('\n');
    }
    assertThat(check(Engine.MYSQL, statements.toString())).isEmpty();

    long before = cpuTime();
    assertThat(check(Engine.MYSQL, statements.toString())).isEmpty();
    assertThat(Duration.ofNanos(cpuTime() - before)).isLessThan(Duration.ofSeconds(2));
  }

  /** Of this thread, so that a busy machine does not fail the test. */
  private static long cpuTime() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static List<Finding> check(Engine engine, String text) {
    var parsed = Ddl.parse(engine, "shop", new SourceFile("V1__a.sql", text));
    assertThat(parsed.findings()).isEmpty();
    return Grammar.check(engine, parsed.statements());
  }
}
