using System.Globalization;

namespace Strata.Contracts;

/// <summary>
/// Names an event by where it lies in strata.events.v1, so that a reader can wait for a state that knows it. Text:
/// <c>v1:partition:offset:log</c>, the log's identity as 16 hexadecimal digits. Ingestion hands it out; Ranking takes it.
/// </summary>
/// <param name="Partition">Partition.</param>
/// <param name="Offset">Offset.</param>
/// <param name="Log">Identity of the partition's log.</param>
public readonly record struct AsOfToken(int Partition, long Offset, ulong Log)
{
    private const string Version = "v1";

    /// <summary>Parses a token; false when the text isn't one.</summary>
    public static bool TryParse(string? text, out AsOfToken token)
    {
        token = default;
        var parts = text?.Split(':');
        if (parts is not [Version, var partition, var offset, { Length: 16 } log]
            || !int.TryParse(partition, NumberStyles.None, CultureInfo.InvariantCulture, out var p)
            || !long.TryParse(offset, NumberStyles.None, CultureInfo.InvariantCulture, out var o)
            || !ulong.TryParse(log, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var l))
        {
            return false;
        }

        token = new AsOfToken(p, o, l);
        return true;
    }

    /// <summary>The token's text.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Version}:{Partition}:{Offset}:{Log:x16}");
}
