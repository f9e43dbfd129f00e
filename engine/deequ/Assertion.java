package modelmonitor;

/**
 * A condition on a metric: inside of bounds, or outside of them, and another condition if there is one.
 *
 * Deequ asks for a Scala function. This one is data: it can be sent to executors, and needs no way back into Python.
 */
public class Assertion extends scala.runtime.AbstractFunction1 implements java.io.Serializable {
  private final String part;
  private final String key;
  private final double lower;
  private final boolean lowerOpen;
  private final double upper;
  private final boolean upperOpen;
  private final boolean outside;
  private final Assertion next;

  public Assertion(String part, String key, double lower, boolean lowerOpen, double upper, boolean upperOpen,
      boolean outside, Assertion next) {
    this.part = part;
    this.key = key;
    this.lower = lower;
    this.lowerOpen = lowerOpen;
    this.upper = upper;
    this.upperOpen = upperOpen;
    this.outside = outside;
    this.next = next;
  }

  public Object apply(Object metric) {
    double value = number(metric);
    boolean inside = (lowerOpen ? value > lower : value >= lower) && (upperOpen ? value < upper : value <= upper);
    return Boolean.valueOf(inside != outside && (next == null || Boolean.TRUE.equals(next.apply(metric))));
  }

  private double number(Object metric) {
    if (part.isEmpty()) {
      return ((Number) metric).doubleValue();
    }
    if (metric instanceof com.amazon.deequ.metrics.BucketDistribution) {
      return ofBuckets((com.amazon.deequ.metrics.BucketDistribution) metric);
    }
    if (metric instanceof com.amazon.deequ.metrics.Distribution) {
      return ofHistogram((com.amazon.deequ.metrics.Distribution) metric);
    }
    return ofBins(metric);
  }

  private double ofHistogram(com.amazon.deequ.metrics.Distribution histogram) {
    if (part.equals("bins")) {
      return (double) histogram.numberOfBins();
    }
    if (!histogram.values().contains(key)) {
      return 0.0;
    }
    return part.equals("ratio") ? histogram.apply(key).ratio() : (double) histogram.apply(key).absolute();
  }

  private double ofBuckets(com.amazon.deequ.metrics.BucketDistribution sketch) {
    int index = Integer.parseInt(key);
    if (part.equals("percentile")) {
      return sketch.computePercentiles()[index - 1];
    }
    com.amazon.deequ.metrics.BucketValue bucket = sketch.apply(index);
    return part.equals("low") ? bucket.lowValue() : part.equals("high") ? bucket.highValue() : (double) bucket.count();
  }

  /** HistogramBinned, which older releases do not have. */
  private double ofBins(Object histogram) {
    try {
      scala.collection.Seq bins = (scala.collection.Seq) call(histogram, "bins");
      if (part.equals("bins")) {
        return (double) bins.size();
      }
      Object bin = bins.apply(Integer.parseInt(key));
      return ((Number) call(bin, part.equals("ratio") ? "ratio" : "frequency")).doubleValue();
    } catch (ReflectiveOperationException error) {
      throw new IllegalArgumentException(part + " of " + key + ": " + error);
    }
  }

  private static Object call(Object owner, String method) throws ReflectiveOperationException {
    return owner.getClass().getMethod(method, new Class[0]).invoke(owner, new Object[0]);
  }

  /** A number as Scala's Option of a Long, which py4j cannot make: it sends small numbers as Integer. */
  public static scala.Option optionOfLong(long value) {
    return scala.Option.apply(Long.valueOf(value));
  }

  /** An interval of times, for the same reason. */
  public static scala.Tuple2 interval(long start, long end) {
    return new scala.Tuple2(Long.valueOf(start), Long.valueOf(end));
  }
}
