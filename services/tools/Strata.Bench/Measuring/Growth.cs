namespace Strata.Bench.Measuring;

/// <summary>How much more of something a process held, the longer it was under the same load.</summary>
/// <param name="Process">Service, store, broker, or the generator.</param>
/// <param name="What">MiB, handles or threads.</param>
/// <param name="Mean">Held on average.</param>
/// <param name="PercentAnHour">Slope of the straight line through the means of minutes, in percent of <paramref name="Mean"/>.</param>
/// <param name="Upper">Upper end of the slope's 95 % interval.</param>
/// <param name="Minutes">The means.</param>
internal sealed record Growth(
    string Process, string What, double Mean, double PercentAnHour, double Upper, IReadOnlyList<double> Minutes)
{
    /// <summary>Minutes below which no line is drawn.</summary>
    public const int LeastMinutes = 10;

    private const double Normal = 1.959964; // 97.5 % of the normal distribution

    /// <summary>
    /// Ordinary least squares over the means of minutes. Neighbouring minutes resemble each other, so their number is lowered to what
    /// counts, n (1 − r) / (1 + r) with the residuals' correlation r of neighbours (Santer et al. 2000, J. Geophys. Res. 105, eq. 6); the
    /// quantile of Student's distribution is Abramowitz and Stegun's 26.7.5.
    /// </summary>
    /// <param name="process">Whose it is.</param>
    /// <param name="what">What was counted.</param>
    /// <param name="minutes">One mean a minute, in their order.</param>
    public static Growth Of(string process, string what, IReadOnlyList<double> minutes)
    {
        var (n, mean, middle) = (minutes.Count, minutes.Average(), (minutes.Count - 1) / 2.0);
        var spread = Enumerable.Range(0, n).Sum(i => (i - middle) * (i - middle));
        var slope = Enumerable.Range(0, n).Sum(i => (i - middle) * (minutes[i] - mean)) / spread;
        double[] residuals = [.. minutes.Select((value, i) => value - mean - (slope * (i - middle)))];
        var squares = residuals.Sum(residual => residual * residual);
        var alike = squares > 0 ? Math.Max(0, residuals.Zip(residuals.Skip(1), (a, b) => a * b).Sum() / squares) : 0;
        var counted = Math.Max(3, n * (1 - alike) / (1 + alike));
        var error = Math.Sqrt(squares / (counted - 2) / spread);
        var scale = mean > 0 ? 60 * 100 / mean : 0;
        return new Growth(process, what, mean, slope * scale, (slope + (Quantile(counted - 2) * error)) * scale, minutes);
    }

    private static double Quantile(double freedom)
    {
        const double Z3 = Normal * Normal * Normal;
        return Normal + ((Z3 + Normal) / (4 * freedom))
            + (((5 * Z3 * Normal * Normal) + (16 * Z3) + (3 * Normal)) / (96 * freedom * freedom));
    }
}
