namespace Strata.Evaluator.Baselines;

/// <summary>A simple recommender with a grid of settings, all of which are scored at once from one state.</summary>
internal interface IBaseline
{
    /// <summary>Name in tables and files.</summary>
    string Name { get; }

    /// <summary>The grid, in words.</summary>
    IReadOnlyList<string> Settings { get; }

    /// <summary>Looks at a request; <see cref="Score"/> is asked about it afterwards.</summary>
    void Prepare(in Request request);

    /// <summary>Scores items for the request by one setting; the scores are empty when it is called.</summary>
    void Score(in Request request, int setting, Scores scores);

    void Learn(in Touch touch);
}
