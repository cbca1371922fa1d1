using Strata.Evaluator.Streams;

namespace Strata.Evaluator.Baselines;

/// <summary>
/// V-SkNN (Ludewig and Jannach 2018), streaming: users who lately touched the user's last n items, each common item weighing ψ^k / √(5 +
/// users of it), propose their last 50 items; the m most similar count. Grid: n, ψ, m.
/// </summary>
internal sealed class VectorSessionKnn : IBaseline
{
    private const int UsersPerItem = 64;
    private const int ItemsPerUser = 50;

    private static readonly int[] Lengths = [5, 10, 20];
    private static readonly double[] Decays = [0.6, 0.8, 0.9];
    private static readonly int[] Neighbours = [50, 100, 300];

    private readonly int[] _users;
    private readonly int[] _touches;
    private readonly Histories _histories;
    private readonly double[] _similarity;
    private readonly List<int> _near = [];
    private readonly List<(int Length, double Decay)> _kinds = [.. Lengths.SelectMany(length => Decays.Select(decay => (length, decay)))];
    private (int User, double Similarity)[] _ordered = [];
    private int _orderedKind = -1;

    public VectorSessionKnn(int items, int users)
    {
        _users = new int[items * UsersPerItem];
        _touches = new int[items];
        _histories = new Histories(users);
        _similarity = new double[users];
    }

    public string Name => "v-sknn";

    public IReadOnlyList<string> Settings
        => [.. _kinds.SelectMany(kind => Neighbours.Select(m => $"last {kind.Length}, decay {kind.Decay}, {m} neighbours"))];

    public void Prepare(in Request request) => _orderedKind = -1;

    public void Score(in Request request, int setting, Scores scores)
    {
        if (_orderedKind != setting / Neighbours.Length)
        {
            _orderedKind = setting / Neighbours.Length;
            Order(request, _kinds[_orderedKind].Length, _kinds[_orderedKind].Decay);
        }

        foreach (var (user, similarity) in _ordered.AsSpan(0, Math.Min(_ordered.Length, Neighbours[setting % Neighbours.Length])))
        {
            var items = _histories.Of(user)!.Items;
            foreach (var item in items[..Math.Min(ItemsPerUser, items.Length)])
            {
                scores.Add(item, similarity / Math.Sqrt(1 + _touches[item]));
            }
        }
    }

    public void Learn(in Touch touch)
    {
        if (touch.First)
        {
            _users[(touch.Item * UsersPerItem) + (_touches[touch.Item]++ % UsersPerItem)] = touch.User;
        }

        _histories.Touch(touch.User, touch.Item, touch.TimeMs);
    }

    private void Order(in Request request, int length, double decay)
    {
        _near.Clear();
        var weight = 1.0;
        var items = request.History is { } history ? history.Items : [];
        foreach (var item in items[..Math.Min(length, items.Length)])
        {
            var share = weight / Math.Sqrt(5 + _touches[item]);
            foreach (var user in _users.AsSpan(item * UsersPerItem, Math.Min(_touches[item], UsersPerItem)))
            {
                if (user != request.User)
                {
                    if (_similarity[user] == 0)
                    {
                        _near.Add(user);
                    }

                    _similarity[user] += share;
                }
            }

            weight *= decay;
        }

        _ordered = new (int, double)[_near.Count];
        for (var i = 0; i < _ordered.Length; i++)
        {
            _ordered[i] = (_near[i], _similarity[_near[i]]);
            _similarity[_near[i]] = 0;
        }

        Array.Sort(
            _ordered,
            static (a, b) => a.Similarity != b.Similarity ? b.Similarity.CompareTo(a.Similarity) : a.User.CompareTo(b.User));
    }
}
