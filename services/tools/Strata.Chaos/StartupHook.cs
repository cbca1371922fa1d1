/// <summary>
/// Named and called by the runtime (DOTNET_STARTUP_HOOKS): loads this assembly into a service's process, in which
/// <see cref="Strata.Chaos.Clocks.ClockStartup"/> is found by its name.
/// </summary>
internal static class StartupHook
{
    public static void Initialize()
    {
        // Being loaded is all that is wanted of it.
    }
}
