using Google.Protobuf;
using Strata.Contracts.Ranking.V1;
using Strata.RankingModel;

namespace Strata.Optimizer.Tests.Learning;

/// <summary>Training examples with a planted preference.</summary>
internal static class Examples
{
    public const int Features = 6;

    public static TrainingExample Shadow(Random random, int i, uint schema = 1, int features = Features)
    {
        var example = Make(random, i, schema, features, candidates: 2 + random.Next(30));
        example.Origin = TrainingExample.Types.Origin.Shadow;
        return example;
    }

    public static TrainingExample Impression(Random random, int i, uint schema = 1)
    {
        var example = Make(random, i, schema, Features, candidates: 10);
        example.Origin = TrainingExample.Types.Origin.Impression;
        example.Weight = 2.5f;
        example.Outcomes.Add(new TrainingExample.Types.LayerOutcome { LayerId = (uint)(1 + (i % 5)), Shown = 3.1f, Chosen = 1 });
        return example;
    }

    public static ByteString Bytes(float[] values) => ByteString.CopyFrom(FeatureBytes.Encode(values));

    private static TrainingExample Make(Random random, int i, uint schema, int features, int candidates)
    {
        var (rows, positive) = PlantedLists.Next(random, features, candidates);
        return new TrainingExample
        {
            Schema = schema,
            Context = (uint)(i % 3),
            TimeUnixMs = 1_700_000_000_000 + (i * 3_600_000L),
            Candidates = (uint)candidates,
            Features = Bytes(rows),
            Positive = positive,
        };
    }
}
