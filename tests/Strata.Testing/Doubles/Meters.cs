using System.Diagnostics.Metrics;

namespace Strata.Testing.Doubles;

/// <summary>Meters that nobody reads.</summary>
public sealed class Meters : IMeterFactory
{
    /// <inheritdoc/>
    public Meter Create(MeterOptions options) => new(options);

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
