package dev.halcyon.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What passes while a hold gathers is certain to be over with its answer. */
class FleetingTest {
  @Test
  void statementsOnTheirOwnPass() {
    for (var text :
        List.of(
            "SELECT 1",
            "  /* of a pool */ select @@session.autocommit, 'BEGIN; LOCK TABLES'",
            "(SELECT 1) UNION (SELECT 2)",
            "INSERT INTO t VALUES (1); DELETE FROM u;",
            "UPDATE t SET x = 1 -- BEGIN",
            "REPLACE INTO t VALUES (1)",
            "WITH x AS (SELECT 1) SELECT * FROM x",
            "SELECT * FROM t FOR UPDATE SKIP LOCKED",
            "SET autocommit=1, sql_mode = concat(@@sql_mode, ',ANSI')",
            "SET SESSION autocommit := ON",
            "SET session_track_system_variables = CONCAT(@@x, ',autocommit')",
            "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
            "KILL QUERY 7",
            "SHOW WARNINGS",
            "")) {
      assertThat(Fleeting.isText(text)).as(text).isTrue();
    }
  }

  @Test
  void whatBeginsOrBindsWaits() {
    for (var text :
        List.of(
            "BEGIN",
            "start transaction",
            "/*!50000 BEGIN */",
            "SELECT 1; BEGIN",
            "SET autocommit=0",
            "SET @@session . autocommit = off",
            "SET @x = 1, AUTOCOMMIT = @x",
            "SET autocommit = 10",
            "SET STATEMENT max_statement_time = 1 FOR BEGIN",
            "LOCK TABLES t WRITE",
            "SELECT GET_LOCK('x', 1)",
            "SELECT 1 FROM t LOCK IN SHARE MODE",
            "XA START 'x'",
            "CREATE TEMPORARY TABLE t (x INT)",
            "CREATE TABLE t (x INT)",
            "HANDLER t OPEN",
            "PREPARE p FROM 'BEGIN'",
            "EXECUTE p",
            "CALL p()",
            "LOAD DATA LOCAL INFILE 'x' INTO TABLE t",
            "COMMIT AND CHAIN",
            "SELECT " + "1,".repeat(Fleeting.LONGEST))) {
      assertThat(Fleeting.isText(text)).as(text).isFalse();
    }
  }
}
