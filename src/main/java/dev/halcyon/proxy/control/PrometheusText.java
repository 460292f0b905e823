package dev.halcyon.proxy.control;

import dev.halcyon.proxy.MeterReading;
import dev.halcyon.proxy.MeterReading.Histogram;
import dev.halcyon.proxy.Traffic.SessionStatus;
import dev.halcyon.proxy.Traffic.Status;
import java.util.Locale;

/**
 * What a proxy counts, as Prometheus reads it.
 *
 * @see <a href="https://prometheus.io/docs/instrumenting/exposition_formats/">Text format</a>
 */
final class PrometheusText {
  private final StringBuilder text = new StringBuilder();

  private PrometheusText() {}

  static String of(Status status, MeterReading reading) {
    var page = new PrometheusText();
    page.now("sessions", "Open sessions.", status.sessions().size());
    page.now(
        "sessions_parked",
        "Sessions with a command that waits.",
        status.sessions().stream().filter(SessionStatus::parked).count());
    page.now(
        "sessions_not_at_boundary",
        "Sessions that something binds to their server.",
        status.stragglers().size());
    page.now("clients_waiting", "Clients that wait to be let in.", status.waiting());
    page.now("held", "1 while clients are held.", status.held() ? 1 : 0);
    page.now("gathering", "1 while a hold waits for what lasts.", status.gathering() ? 1 : 0);
    page.now("lease_over", "1 while they are held by nobody.", status.leaseOver() ? 1 : 0);
    page.total("sessions_opened", "Sessions opened.", reading.sessions());
    page.total("sessions_moved", "Sessions moved to another server.", reading.moved());
    page.total("logins_failed", "Logins refused.", reading.loginsFailed());
    page.total("bytes_from_clients", "Bytes passed on to servers.", reading.fromClients());
    page.total("bytes_from_servers", "Bytes passed on to clients.", reading.fromServers());
    page.histogram(
        "statement_seconds", "From a command to the end of its answer.", reading.statements());
    page.histogram("hold_seconds", "For how long clients were held.", reading.holds());
    return page.text.toString();
  }

  private void now(String name, String meaning, long value) {
    head(name, meaning, "gauge");
    line(name, "", Long.toString(value));
  }

  private void total(String name, String meaning, long value) {
    head(name + "_total", meaning, "counter");
    line(name + "_total", "", Long.toString(value));
  }

  private void histogram(String name, String meaning, Histogram histogram) {
    head(name, meaning, "histogram");
    long sum = 0;
    for (int i = 0; i < histogram.counts().size(); i++) {
      sum += histogram.counts().get(i);
      double bound = histogram.bound(i);
      String label = Double.isInfinite(bound) ? "+Inf" : String.format(Locale.ROOT, "%.9f", bound);
      line(name + "_bucket", "{le=\"" + label + "\"}", Long.toString(sum));
    }
    line(name + "_sum", "", String.format(Locale.ROOT, "%.9f", histogram.nanos() / 1e9));
    line(name + "_count", "", Long.toString(sum));
  }

  private void head(String name, String meaning, String type) {
    text.append("# HELP halcyon_proxy_").append(name).append(' ').append(meaning).append('\n');
    text.append("# TYPE halcyon_proxy_").append(name).append(' ').append(type).append('\n');
  }

  private void line(String name, String labels, String value) {
    text.append("halcyon_proxy_").append(name).append(labels).append(' ').append(value);
    text.append('\n');
  }
}
