using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

[assembly: HostingStartup(typeof(Strata.Chaos.Clocks.ClockStartup))]

namespace Strata.Chaos.Clocks;

/// <summary>Gives a service that runs in a campaign its stepped clock, before it registers its own.</summary>
internal sealed class ClockStartup : IHostingStartup
{
    public void Configure(IWebHostBuilder builder)
    {
        if (Environment.GetEnvironmentVariable(WallClock.FileVariable) is { } file)
        {
            builder.ConfigureServices(services => services.AddSingleton<TimeProvider>(new SteppedTime(file)));
        }
    }
}
