using Strata.ServiceDefaults.Redis;

namespace Strata.Ranking.Tests.Serving;

/// <summary>A store that refuses writes with what a test says.</summary>
internal sealed class RefusingStore : IStoreContact
{
    public string? Refusal { get; set; }

    public bool IsRebuilding { get; set; }
}
