using Microsoft.Extensions.Options;
using Strata.Ranking.Index.Core;
using Strata.Ranking.Suggestions.Core;

namespace Strata.Ranking.Suggestions;

/// <summary>Builds the index anew while catalogue or searches change, and swaps it.</summary>
internal sealed class SuggestionRefresh(
    Catalogue catalogue,
    SearchTable searches,
    CurrentSuggestions current,
    IOptions<SuggestionsOptions> options,
    SuggestionsMetrics metrics,
    TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(50);

    private CatalogueView? _view;
    private long _version = -1;

    /// <summary>Builds it if anything changed since.</summary>
    public void BuildIfChanged()
    {
        var (view, version) = (catalogue.Current, searches.Version);
        if (view != _view || version != _version)
        {
            var began = time.GetTimestamp();
            var index = SuggestionIndex.Build(SuggestedTexts.Of(view, searches.Read()));
            current.Index = index;
            (_view, _version) = (view, version);
            metrics.Built(index, searches.Count, time.GetElapsedTime(began));
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!catalogue.IsComplete)
        {
            await Task.Delay(Between, time, stoppingToken);
        }

        while (true)
        {
            BuildIfChanged();
            await Task.Delay(options.Value.Refresh, time, stoppingToken);
        }
    }
}
