using System.Diagnostics;
using System.Globalization;
using System.Runtime.Intrinsics.X86;
using System.Text.Json;

namespace Strata.Benchmarks.KMeans;

/// <summary>What scikit-learn reaches on this machine now.</summary>
/// <param name="Version">Its version.</param>
/// <param name="Blas">The BLAS beneath it, and for which processors its kernel is.</param>
/// <param name="Gflops">A product of two 2048² matrices of floats by its BLAS.</param>
/// <param name="Points">Points a second of <c>MiniBatchKMeans.partial_fit(compute_labels=False)</c>, by number of clusters.</param>
internal sealed record Peer(string Version, string Blas, double Gflops, IReadOnlyDictionary<int, double> Points)
{
    // Without these OpenBLAS chooses its kernel by itself.
    private static readonly string[] Misleading = ["OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"];
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    /// <summary>
    /// OpenBLAS as it chooses its kernel, and with the kernel for this processor's vector width: a version older than the processor does
    /// not know it and takes the one for a Prescott, a quarter as fast.
    /// </summary>
    public static async Task<IReadOnlyList<Peer>> MeasureAsync(
        string python,
        int threads,
        IReadOnlyList<int> counts,
        CancellationToken cancellationToken)
    {
        var chosen = await MeasureAsync(python, null, threads, counts, cancellationToken);
        var widest = Avx512F.IsSupported ? "SkylakeX" : Avx2.IsSupported ? "Haswell" : null;
        return widest is null ? [chosen] : [chosen, await MeasureAsync(python, widest, threads, counts, cancellationToken)];
    }

    private static async Task<Peer> MeasureAsync(
        string python,
        string? core,
        int threads,
        IReadOnlyList<int> counts,
        CancellationToken cancellationToken)
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

        if (core is not null)
        {
            start.Environment["OPENBLAS_CORETYPE"] = core;
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0
            ? JsonSerializer.Deserialize<Peer>(output, Options)!
            : throw new InvalidOperationException($"{python} failed; are scikit-learn and OpenBLAS there "
                + $"(apt-get install python3-sklearn libopenblas0-pthread)? {await errors}");
    }
}
