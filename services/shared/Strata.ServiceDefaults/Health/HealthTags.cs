namespace Strata.ServiceDefaults.Health;

/// <summary>Tags of health checks.</summary>
public static class HealthTags
{
    /// <summary>The check counts for <c>/health/live</c> too: when it fails, only a restart helps.</summary>
    public const string Live = "live";
}
