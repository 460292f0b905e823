package dev.halcyon.proxy.move;

import dev.halcyon.proxy.wire.Capabilities;
import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A session's state as its server tells it, and the names by which it was asked. */
public final class Portrait {
  private final SortedSet<String> names;
  private final Variables variables;
  private final List<UserVariable> userVariables;

  Portrait(Set<String> names, Variables variables, List<UserVariable> userVariables) {
    this.names = Collections.unmodifiableSortedSet(new TreeSet<>(names));
    this.variables = variables;
    this.userVariables = List.copyOf(userVariables);
  }

  SortedSet<String> names() {
    return names;
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
    var names = catalog.all();
    ask(
        channel,
        capabilities,
        Variables.orders(names),
        viewer,
        answers -> viewer.seen(new Portrait(names, Variables.read(names, answers), List.of())));
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
    SortedSet<String> asked = known.doubtful() ? catalog.all() : catalog.needed(known.reported());
    var orders = new ArrayList<>(Variables.orders(asked));
    if (userVariables == null) {
      orders.add(UserVariable.names());
    }
    ask(
        channel,
        capabilities,
        orders,
        viewer,
        answers -> {
          var all = Variables.read(asked, answers);
          var names = known.doubtful() ? catalog.changed(known.reported(), all.values()) : asked;
          var variables = all.only(names);
          var users = userVariables == null ? UserVariable.names(answers.getLast()) : userVariables;
          if (users.isEmpty()) {
            viewer.seen(new Portrait(names, variables, List.of()));
            return;
          }
          ask(
              channel,
              capabilities,
              UserVariable.orders(users),
              viewer,
              values ->
                  viewer.seen(new Portrait(names, variables, UserVariable.read(users, values))));
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
