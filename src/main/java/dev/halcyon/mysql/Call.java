package dev.halcyon.mysql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One statement on its way. Without arguments its text goes to the server untouched: no question
 * mark is a placeholder and no brace an escape of JDBC.
 */
final class Call implements AutoCloseable {
  private final Statement statement;
  private final String sql;

  private Call(Statement statement, String sql) {
    this.statement = statement;
    this.sql = sql;
  }

  static Call of(Connection connection, String sql, @Nullable Object... arguments)
      throws SQLException {
    if (arguments.length == 0) {
      var plain = connection.createStatement();
      plain.setEscapeProcessing(false);
      return new Call(plain, sql);
    }
    var prepared = connection.prepareStatement(sql);
    for (var i = 0; i < arguments.length; i++) {
      prepared.setObject(i + 1, arguments[i]);
    }
    return new Call(prepared, sql);
  }

  List<Row> query(int mostRows) throws SQLException {
    statement.setMaxRows(mostRows);
    try (var result =
        statement instanceof PreparedStatement prepared
            ? prepared.executeQuery()
            : statement.executeQuery(sql)) {
      return Rows.read(result);
    }
  }

  long update() throws SQLException {
    return statement instanceof PreparedStatement prepared
        ? prepared.executeLargeUpdate()
        : statement.executeLargeUpdate(sql);
  }

  void execute() throws SQLException {
    var _ =
        statement instanceof PreparedStatement prepared
            ? prepared.execute()
            : statement.execute(sql);
  }

  @Override
  public void close() throws SQLException {
    statement.close();
  }
}
