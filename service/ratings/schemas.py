"""What a rating is asked with, and answered."""

from typing import Annotated

from pydantic import Field, WithJsonSchema

from service.http.fields import AnswerModel, RatingId, RequestModel

Value = Annotated[float, Field(ge=0, le=5, allow_inf_nan=False, examples=[4.5])]


class NewRating(RequestModel):
    """How good the movie is, from 0 to 5."""

    value: Value


class Rating(AnswerModel):
    id: RatingId
    value: Annotated[int | float, WithJsonSchema({"type": "number", "examples": [4.5]})]


class RatingAnswer(AnswerModel):
    """The caller's rating of the movie."""

    rating: Rating
