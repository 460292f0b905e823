package dev.halcyon.bench;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.util.Arrays;
import java.util.List;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/**
 * Runs the methods of one name of a test class on both engines.
 *
 * <p>Argument: {@code class#method}. Ends with 0 if all passed, 1 if one failed, 2 if there was
 * nothing to run.
 */
final class OneTest {
  private static final int NOTHING_RAN = 2;

  private OneTest() {}

  public static void main(String[] arguments) throws ClassNotFoundException {
    var parts = arguments[0].split("#", -1);
    var type = Class.forName(parts[0]);
    var methods =
        Arrays.stream(type.getDeclaredMethods())
            .filter(method -> parts.length > 1 && method.getName().equals(parts[1]))
            .map(method -> selectMethod(type, method))
            .toList();
    var request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(parts.length > 1 ? methods : List.of(selectClass(type)))
            .build();
    var listener = new SummaryGeneratingListener();
    LauncherFactory.create().execute(request, listener);
    var summary = listener.getSummary();
    summary
        .getFailures()
        .forEach(
            failure ->
                System.out.printf(
                    "%s: %s%n",
                    failure.getTestIdentifier().getDisplayName(),
                    String.valueOf(failure.getException()).lines().findFirst().orElse("")));
    if (summary.getTestsFoundCount() == 0 || summary.getTestsStartedCount() == 0) {
      System.out.println("nothing ran: " + arguments[0]);
      System.exit(NOTHING_RAN);
    }
    // Servers may have threads that would keep this process.
    System.exit(summary.getTotalFailureCount() == 0 ? 0 : 1);
  }
}
