using System.ClientModel;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Registry;
using Polly.Timeout;
using Strata.Clustering.Naming.Core;

namespace Strata.Clustering.Naming;

/// <summary>
/// Asks the chat model the open questions, one after the other, within the budget. On the way of no event: what the reducer finds in the
/// book it publishes, and it never waits. An answer that may not be shown is not asked for again; a call that fails is, after a rest.
/// </summary>
internal sealed class LayerTitler(
    TitleBook book,
    IChatClient chat,
    ResiliencePipelineProvider<string> pipelines,
    IOptions<TitlesOptions> options,
    TitlesMetrics metrics,
    TimeProvider clock,
    ILogger<LayerTitler> logger) : BackgroundService
{
    public const string Pipeline = "layer-titles";

    private static readonly ChatOptions Chat = new() { Temperature = 0, MaxOutputTokens = 400, ResponseFormat = ChatResponseFormat.Json };

    private readonly TitleBudget _budget = new(options.Value.CallsPerHour);
    private readonly ResiliencePipeline _pipeline = pipelines.GetPipeline(Pipeline);

    /// <summary>True for a fault of the model or the way to it, which may pass.</summary>
    public static bool IsFault(Exception fault)
        => fault is ClientResultException or HttpRequestException or TimeoutRejectedException or IOException or JsonException
            or TaskCanceledException;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var went = book.Open.FirstOrDefault() is not { } question || await AskAsync(question, stoppingToken);
            await Task.Delay(went ? options.Value.CheckEvery : options.Value.Rest, clock, stoppingToken);
        }
    }

    /// <summary>True when the question is settled, by a title or by an answer that may not be shown.</summary>
    private async Task<bool> AskAsync(TitleQuestion question, CancellationToken cancellationToken)
    {
        try
        {
            var messages = TitlePrompt.Of(question);
            var answer = await _pipeline.ExecuteAsync(
                async token => _budget.TryTake(clock.GetUtcNow()) ? (await chat.GetResponseAsync(messages, Chat, token)).Text : null,
                cancellationToken);
            if (answer is null)
            {
                metrics.Asked("budget_spent");
                return false;
            }

            var title = TitleAnswer.Read(answer, question, out var reason);
            book.Answer(question.ContentHash, title);
            metrics.Asked(title is null ? "refused" : "titled");
            if (title is null)
            {
                logger.Refused(reason);
            }

            return true;
        }
        catch (Exception fault) when (IsFault(fault) && !cancellationToken.IsCancellationRequested)
        {
            metrics.Asked("failed");
            logger.Failed(fault);
            return false;
        }
    }
}
