using Microsoft.Extensions.Logging.Abstractions;
using Strata.Optimizer.Outcomes;
using Strata.Optimizer.Outcomes.Core;
using Strata.ServiceDefaults.State;
using Strata.Streaming.Consuming;
using Strata.Testing.Doubles;

namespace Strata.Optimizer.Tests.Outcomes;

/// <summary>Handlers of one partition over doubles.</summary>
internal static class OutcomeHandlers
{
    public static OutcomeHandler Over(
        PartitionContext context, OutcomesOptions options, IStateStore store, InMemoryLog log, TimeProvider clock)
        => new(
            context,
            options,
            store,
            ForgottenMarksOver.Store(store),
            log,
            clock,
            new OutcomesMetrics(new Meters()),
            NullLogger<OutcomeHandler>.Instance);
}
