using Xunit.Sdk;
using Xunit.v3;

// A test here runs the whole system: broker, store and five services. Most of its time it waits for them, so two share two cores.
[assembly: Parallelization(Mode = ParallelMode.Collections, MaxThreads = 2)]

namespace Strata.EndToEnd;

/// <summary>Tests with promises about seconds, which have the machine for themselves.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
