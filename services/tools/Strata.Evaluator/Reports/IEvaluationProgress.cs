namespace Strata.Evaluator.Reports;

/// <summary>Hears how far an evaluation is. Steps may begin on several threads.</summary>
internal interface IEvaluationProgress
{
    /// <summary>A step begins; returns what is to be told how much of it is done.</summary>
    /// <param name="name">What is done.</param>
    /// <param name="total">How much there is.</param>
    /// <param name="unit">Of what, in the plural.</param>
    Action<int> Begin(string name, int total, string unit);
}
