using Spectre.Console;
using Strata.Contracts.Ranking.V1;
using Strata.Local.Hosting;
using Strata.Local.Traffic;
using RankingClient = Strata.Contracts.Ranking.V1.Ranking.RankingClient;

namespace Strata.Local.Screen;

/// <summary>A few lines every few seconds, where no terminal can be redrawn.</summary>
internal sealed class PlainScreen(LocalAddresses addresses, RankingClient ranking, TrafficStatus traffic, TimeProvider time)
{
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(3);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        AnsiConsole.MarkupLine(addresses.Describe());
        while (true)
        {
            await Task.Delay(Refresh, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellationToken.IsCancellationRequested)
            {
                return;
            }

            if (traffic.FirstSlateSeconds == 0)
            {
                System.Console.WriteLine("The catalogue is being read and the layers are being seeded.");
                continue;
            }

            System.Console.WriteLine(
                $"{traffic.Events:N0} events, {traffic.Users:N0} shoppers, {traffic.Slates:N0} slates, hit rate @10 {traffic.HitRate:F3} "
                    + $"(popularity {traffic.PopularHitRate:F3}, {traffic.Trials:N0} trials)");
            if (traffic.LastAct is { } act)
            {
                var slate = await ranking.RecommendAsync(
                    new RecommendRequest { UserId = act.UserId, Count = 3, DryRun = true },
                    cancellationToken: CancellationToken.None);
                System.Console.WriteLine($"  {act.UserId} {act.Words} → {string.Join(" | ", slate.Items.Select(item => item.Title))}");
            }
        }
    }
}
