using Google.Protobuf.Collections;
using Strata.Contracts.Policy.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Contracts.State.V1;
using Strata.Optimizer.LayerPolicy;
using Strata.Optimizer.Learning.Core;
using Strata.Optimizer.Outcomes.Core;
using Strata.Ranking.Scoring.Core;
using Strata.Ranking.Slates;
using Strata.RankingModel;

namespace Strata.Evaluator.Policies;

/// <summary>
/// What Strata serves: users' counts and layers' rates as Optimizer keeps them, both rates of a layer and the index as Ranking computes
/// them, with the services' defaults. Nothing else is known of anybody.
/// </summary>
internal sealed class ServedPolicy : IPolicyUnderTest
{
    private readonly SlateOptions _slates = new();
    private readonly TimeSpan _halfLife = new OutcomesOptions().HalfLife;
    private readonly LayerRates _rates = new(new LearningOptions().LayerHalfLife);
    private readonly UserPolicy[] _users;
    private readonly LikingRates[] _ratesOf;
    private readonly double[] _beliefs;
    private readonly double[] _values;

    public ServedPolicy(int users, int layers)
    {
        _users = [.. Enumerable.Range(0, users).Select(_ => new UserPolicy())];
        (_ratesOf, _beliefs, _values) = (new LikingRates[layers], new double[layers], new double[layers]);
        EndRound();
    }

    public string Name => "strata";

    public void Choose(int user, Span<double> probabilities)
    {
        var shown = Believe(_users[user]);
        for (var layer = 0; layer < _values.Length; layer++)
        {
            _values[layer] = LayerLiking.Index(_beliefs[layer], _ratesOf[layer]);
        }

        LayerPolicy.SquareCb(_values, LayerPolicy.Gamma(shown, _slates.Gamma), _slates.Floor, probabilities);
    }

    public void Learn(int user, int layer, bool clicked, long timeMs)
    {
        Believe(_users[user]);
        var outcomes = new RepeatedField<TrainingExample.Types.LayerOutcome>
        {
            new TrainingExample.Types.LayerOutcome
            {
                LayerId = (uint)layer + 1,
                Shown = (float)Examination.Of(0),
                Chosen = clicked ? 1 : 0,
                Liked = (float)LayerLiking.BeliefAfter(_beliefs[layer], clicked ? 1 : 0, 1, _ratesOf[layer]),
            },
        };
        UserLayerCounts.Add(_users[user], outcomes, id => _ratesOf[id - 1], timeMs, _halfLife);
        _rates.Absorb(outcomes, timeMs);
    }

    public void EndRound()
    {
        var policy = new Policy();
        _rates.WriteTo(policy);
        var served = RankingPolicy.From(policy);
        for (var layer = 0; layer < _ratesOf.Length; layer++)
        {
            _ratesOf[layer] = served.RatesOf((uint)layer + 1);
        }
    }

    // Of a user with nothing else than what they did with what was shown.
    private double Believe(UserPolicy user)
    {
        Array.Fill(_beliefs, LayerLiking.Nominal);
        var shown = 0.0;
        for (var at = 0; at < user.LayerIds.Count; at++)
        {
            _beliefs[user.LayerIds[at] - 1] = LayerLiking.Belief(user.Evidence[at]);
            shown += user.Shown[at];
        }

        return shown;
    }
}
