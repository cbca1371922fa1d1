using System.Collections.Concurrent;
using Strata.Chaos.Faults;

namespace Strata.Chaos.Promises;

/// <summary>A promise that was not kept.</summary>
/// <param name="Fault">Number of the last fault before it; 0: before the first one.</param>
/// <param name="During">That fault.</param>
/// <param name="What">What was seen.</param>
internal sealed record Violation(int Fault, string During, string What);

/// <summary>What was found, each kind of text once a fault.</summary>
internal sealed class ViolationLog
{
    private const int MostCharacters = 500;

    private readonly ConcurrentDictionary<(int Fault, string Rule), Violation> _found = new();
    private volatile ScheduledFault? _fault;

    public IReadOnlyList<Violation> Found => [.. _found.Values.OrderBy(violation => violation.Fault)];

    /// <summary>Told of each as it is found.</summary>
    public Action<Violation> Tell { get; set; } = _ => { };

    public void Begin(ScheduledFault fault) => _fault = fault;

    /// <param name="rule">Which promise: it is reported once for each fault.</param>
    /// <param name="what">What was seen.</param>
    public void Add(string rule, string what)
    {
        var text = $"{rule}: {what}";
        var violation = new Violation(
            _fault?.Number ?? 0, _fault?.ToString() ?? "", text.Length > MostCharacters ? text[..MostCharacters] + " …" : text);
        if (_found.TryAdd((violation.Fault, rule), violation))
        {
            Tell(violation);
        }
    }
}
