using Strata.Contracts.Ranking.V1;
using Strata.Optimizer.Learning.Core;
using Strata.RankingModel;

namespace Strata.Optimizer.Tests.Learning;

[Trait("height", "unit")]
public sealed class PolicyLearnerTests
{
    [Fact]
    public void Learn_ShadowAndImpressionExamples_SurvivesARestartBitEqual()
    {
        var random = new Random(2);
        var whole = new PolicyLearner(new LearningOptions());
        var part = new PolicyLearner(new LearningOptions());
        for (var i = 0; i < 300; i++)
        {
            if (i == 140)
            {
                whole.Publish();
                part = new PolicyLearner(new LearningOptions(), part.Publish());
            }

            var example = i % 3 == 0 ? Examples.Impression(random, i) : Examples.Shadow(random, i);
            whole.Learn(example);
            part.Learn(example);
        }

        Assert.Equal(whole.Publish(), part.Publish());
    }

    [Fact]
    public void Learn_OlderSchema_CountsOnlyOutcomes()
    {
        var random = new Random(2);
        var learner = new PolicyLearner(new LearningOptions());
        learner.Learn(Examples.Shadow(random, 0, schema: 2));
        var before = learner.Publish();

        var learned = learner.Learn(Examples.Impression(random, 1, schema: 1));

        var after = learner.Publish();
        Assert.Equal(Learned.OldSchema, learned);
        Assert.Equal(before.Weights, after.Weights);
        Assert.Equal(before.Mean, after.Mean);
        Assert.NotEmpty(after.Layers);
    }

    [Fact]
    public void Learn_NewerSchema_StartsWeightsAfreshAndKeepsLayerRates()
    {
        var random = new Random(2);
        var learner = new PolicyLearner(new LearningOptions());
        learner.Learn(Examples.Impression(random, 1, schema: 1));
        learner.Learn(Examples.Shadow(random, 2, schema: 1));

        var learned = learner.Learn(Examples.Shadow(random, 3, schema: 2, features: 9));

        var policy = learner.Publish();
        Assert.Equal(Learned.NewSchema, learned);
        Assert.Equal(2u, policy.Schema);
        Assert.Equal(9, policy.Weights.Count);
        Assert.Equal(1u, policy.Steps);
        Assert.NotEmpty(policy.Layers);
    }

    [Fact]
    public void Learn_ImpressionsAfterCandidateLists_LeaveStandardisationAlone()
    {
        var random = new Random(2);
        var learner = new PolicyLearner(new LearningOptions());
        learner.Learn(Examples.Impression(random, 1));
        var young = learner.Publish();
        learner.Learn(Examples.Shadow(random, 2));
        var before = learner.Publish();

        learner.Learn(Examples.Impression(random, 3));

        var after = learner.Publish();
        Assert.Equal(1u, young.Lists);
        Assert.Equal(before.Mean, after.Mean);
        Assert.Equal(before.Lists, after.Lists);
        Assert.Equal(before.Steps + 1, after.Steps);
    }

    [Fact]
    public void Learn_ChoicesAsFatigueHasThem_AttributesToTheFeaturesWhatIsTheirs()
    {
        // What is liked by its feature was shown before, and sank by as much: each candidate is chosen as often as the other.
        var (told, untold) = (new PolicyLearner(new LearningOptions()), new PolicyLearner(new LearningOptions()));
        for (var i = 0; i < 2_000; i++)
        {
            var example = new TrainingExample
            {
                Origin = TrainingExample.Types.Origin.Impression,
                Schema = 1,
                TimeUnixMs = 1_700_000_000_000,
                Candidates = 2,
                Features = Examples.Bytes([1, -1]),
                Positive = i % 2,
                Offsets = { -2, 0 },
            };
            told.Learn(example);
            example.Offsets.Clear();
            untold.Learn(example);
        }

        Assert.InRange(Gap(told), 1.6, 2.1); // which the fatigue took away again
        Assert.InRange(Gap(untold), -.1, .1);

        static double Gap(PolicyLearner learner)
        {
            var (model, x) = (learner.Snapshot()!, new float[1]);
            return Score(1) - Score(-1);

            double Score(float feature)
            {
                model.Standardise([feature], x);
                return model.Score(x, 0);
            }
        }
    }

    [Theory]
    [InlineData("context")]
    [InlineData("positive")]
    [InlineData("bytes")]
    [InlineData("features")]
    [InlineData("nan")]
    [InlineData("weight")]
    [InlineData("offsets")]
    [InlineData("nan offset")]
    [InlineData("origin")]
    public void Learn_ContradictoryExample_IsRefusedAndChangesNothing(string fault)
    {
        var random = new Random(2);
        var learner = new PolicyLearner(new LearningOptions());
        learner.Learn(Examples.Shadow(random, 0));
        var before = learner.Publish();
        var example = Examples.Impression(random, 1);
        switch (fault)
        {
            case "context": example.Context = Contexts.Count; break;
            case "positive": example.Positive = (int)example.Candidates; break;
            case "bytes": example.Features = Google.Protobuf.ByteString.CopyFrom(new byte[5]); break;
            case "features": example.Candidates = 1; break;
            case "nan":
                example.Features = Examples.Bytes([.. Enumerable.Repeat(float.NaN, (int)example.Candidates * Examples.Features)]);
                break;
            case "weight": example.Weight = float.PositiveInfinity; break;
            case "offsets": example.Offsets.Add(Enumerable.Repeat(-1f, (int)example.Candidates - 1)); break;
            case "nan offset": example.Offsets.Add(Enumerable.Repeat(float.NaN, (int)example.Candidates)); break;
            default: example.Origin = TrainingExample.Types.Origin.Unspecified; break;
        }

        var learned = learner.Learn(example);

        var after = learner.Publish();
        after.Version = before.Version;
        Assert.Equal(Learned.Refused, learned);
        Assert.Equal(before, after);
    }
}
