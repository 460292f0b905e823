package dev.halcyon.proxy.move;

import dev.halcyon.proxy.wire.Capabilities;
import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A session's state as its server tells it, and how it was asked. */
public final class Portrait {
  private final Question question;
  private final Variables variables;
  private final List<UserVariable> userVariables;

  Portrait(Question question, Variables variables, List<UserVariable> userVariables) {
    this.question = question;
    this.variables = variables;
    this.userVariables = List.copyOf(userVariables);
  }

  SortedSet<String> names() {
    return question.names();
  }

  Variables variables() {
    return variables;
  }

  List<UserVariable> userVariables() {
    return userVariables;
  }

  /** Is told once how it ends. */
  public interface Viewer {
    void seen(Portrait portrait);

    /**
     * @param reason for people: a clause
     */
    void unseen(String reason);
  }

  /** Reads a session that nobody has used yet, to know what need not be changed. */
  public static void ofFresh(
      Channel channel, Capabilities capabilities, Catalog catalog, Viewer viewer) {
    var question = catalog.question(catalog.all());
    ask(
        channel,
        capabilities,
        question.orders(),
        viewer,
        answers ->
            viewer.seen(fresh(question, Variables.read(question.names(), answers), catalog)));
  }

  /** It stays in memory for long, of each session one: what all have in common is left out. */
  private static Portrait fresh(Question question, Variables variables, Catalog catalog) {
    var own = new TreeSet<>(question.names());
    own.removeIf(name -> Objects.equals(variables.values().get(name), catalog.value(name)));
    return new Portrait(question, variables.only(own), List.of());
  }

  /**
   * Reads a session without changing it, in two exchanges at most. FOUND_ROWS and warnings are lost
   * by it.
   *
   * @param userVariables their names, if another session has told them; null to ask this one
   */
  public static void of(
      Channel channel,
      Capabilities capabilities,
      Catalog catalog,
      Known known,
      @Nullable List<String> userVariables,
      Viewer viewer) {
    var asked =
        catalog.question(known.doubtful() ? catalog.all() : catalog.needed(known.reported()));
    var orders = new ArrayList<>(asked.orders());
    if (userVariables == null) {
      orders.add(UserVariable.names());
    }
    ask(
        channel,
        capabilities,
        orders,
        viewer,
        answers -> {
          var all = Variables.read(asked.names(), answers);
          var question =
              known.doubtful()
                  ? catalog.question(catalog.changed(known.reported(), all.values()))
                  : asked;
          var variables = known.doubtful() ? all.only(question.names()) : all;
          var users = userVariables == null ? UserVariable.names(answers.getLast()) : userVariables;
          if (users.isEmpty()) {
            viewer.seen(new Portrait(question, variables, List.of()));
            return;
          }
          ask(
              channel,
              capabilities,
              UserVariable.orders(users),
              viewer,
              values ->
                  viewer.seen(new Portrait(question, variables, UserVariable.read(users, values))));
        });
  }

  private static void ask(
      Channel channel,
      Capabilities capabilities,
      List<Order> orders,
      Viewer viewer,
      Consumer<List<Answer>> next) {
    Exchange.run(
        channel,
        capabilities,
        orders,
        new Exchange.End() {
          @Override
          public void answered(List<Answer> answers) {
            try {
              next.accept(answers);
            } catch (UnmovableException unmovable) {
              viewer.unseen(unmovable.reason());
            }
          }

          @Override
          public void broken(String reason) {
            viewer.unseen(reason);
          }
        });
  }
}
