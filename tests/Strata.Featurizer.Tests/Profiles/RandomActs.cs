using Strata.Contracts.Common.V1;
using Strata.Contracts.Events.V1;
using Strata.Featurizer.Profiles.Core;

namespace Strata.Featurizer.Tests.Profiles;

/// <summary>Acts of one user drawn from a seed: all kinds, late ones, long and short names.</summary>
internal static class RandomActs
{
    private static readonly Vector Vector = new() { Codes = Google.Protobuf.ByteString.CopyFrom(new byte[384]), Scale = .01f };

    public static IEnumerable<ProfileAct> Draw(int seed, int count, int items, int idLength = 12)
    {
        var chance = new Random(seed);
        var time = 1_700_000_000_000L;
        for (var offset = 1_000_000L; offset < 1_000_000L + count; offset++)
        {
            // Mostly minutes, sometimes months, sometimes backwards.
            time += chance.Next(20) switch
            {
                0 => chance.NextInt64(90L * 86_400_000),
                1 => -chance.NextInt64(10L * 86_400_000),
                2 => 0,
                _ => chance.Next(600_000),
            };
            var kind = (EventKind)chance.Next(1, 8);
            var search = kind == EventKind.Search;
            var number = chance.Next(items);
            yield return new ProfileAct(
                offset,
                ProfileAct.HashOf($"event-{seed}-{offset}"),
                kind,
                time,
                search ? "" : number.ToString(System.Globalization.CultureInfo.InvariantCulture).PadLeft(idLength, 'i'),
                search ? $"a query of some length and number {number} that goes on for quite a while" : "",
                [
                    .. Enumerable.Range(0, chance.Next(0, 33))
                        .Select(i => chance.Next(500))
                        .Distinct()
                        .Select(i => new TermWeight { Term = $"term-{i}-of-text", Weight = (float)chance.NextDouble() }),
                ],
                search || chance.Next(4) > 0 ? Vector : null);
        }
    }
}
