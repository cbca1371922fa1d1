using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Strata.Benchmarks.KMeans;

/// <summary>What scikit-learn reaches on this machine now.</summary>
/// <param name="Version">Its version.</param>
/// <param name="Blas">The BLAS beneath it, and for which processors its kernel is.</param>
/// <param name="Gflops">A product of two 2048² matrices of floats by its BLAS.</param>
/// <param name="Points">Points a second of <c>MiniBatchKMeans.partial_fit(compute_labels=False)</c>, by number of clusters.</param>
internal sealed record Peer(string Version, string Blas, double Gflops, IReadOnlyDictionary<int, double> Points)
{
    // Without these OpenBLAS chooses the kernel for this machine by itself.
    private static readonly string[] Misleading = ["OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"];
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    public static async Task<Peer> MeasureAsync(string python, int threads, IReadOnlyList<int> counts, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(python) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "KMeans", "peer.py"));
        foreach (var number in counts.Prepend(threads))
        {
            start.ArgumentList.Add(number.ToString(CultureInfo.InvariantCulture));
        }

        foreach (var variable in Misleading)
        {
            start.Environment.Remove(variable);
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0
            ? JsonSerializer.Deserialize<Peer>(output, Options)!
            : throw new InvalidOperationException($"{python} failed; are scikit-learn and OpenBLAS there (apt-get install python3-sklearn libopenblas0-pthread)? {await errors}");
    }
}
