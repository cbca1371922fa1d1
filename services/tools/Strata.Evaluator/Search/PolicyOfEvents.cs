using Strata.Evaluator.Datasets;
using Strata.Evaluator.Replays;
using Strata.Evaluator.Reports;
using Strata.Evaluator.Streams;
using Strata.Evaluator.Texts;
using Strata.Optimizer.Learning.Core;
using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Scoring.Core;

namespace Strata.Evaluator.Search;

/// <summary>The policy that a data set's events teach, each choice learned before the event is taken in.</summary>
internal sealed class PolicyOfEvents(IEvaluationProgress progress, string cacheFolder)
{
    public async Task<RankingPolicy> LearnAsync(Dataset dataset, CancellationToken cancellationToken)
    {
        var options = new ReplayOptions();
        var stream = ReplayStream.Of(dataset.Items, dataset.Events, options);
        using var texts = new TextFeatures(cacheFolder);
        var features = await texts.DescribeAsync(
            stream.Items, progress.Begin("learned: texts", stream.Items.Length, "texts"), cancellationToken);
        var queries = await QueryFeatures.DescribeAsync(
            texts, stream.Queries.Values, count => progress.Begin("learned: queries", count, "texts"), cancellationToken);
        var setup = new StrataSetup();
        var (state, learner) = (new StrataState(stream, setup, features, queries), new PolicyLearner(setup.Learning, setup.Prior));
        var tell = progress.Begin("learned: events", stream.Count, "events");
        for (var index = 0; index < stream.Count; index++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            state.Advance(stream.Time[index]);
            if (TestPlan.IsPositive(stream, index, options.Variant))
            {
                using var request = state.Propose(index, RequestConstraints.Usual);
                learner.Learn(RankingTrials.ExampleOf(
                    request, stream.Users[stream.User[index]], stream.Item[index], stream.Time[index]));
            }

            state.Absorb(index);
            tell(index + 1);
        }

        return RankingPolicy.From(learner.Publish(), setup.Prior);
    }
}
